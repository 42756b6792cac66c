from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.service import REASON, SignedInOperator, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

ALL = '@id("everybody") permit (principal, action, resource);\n'
NOT_ADA = ALL + '@id("not-ada") forbid (principal, action, resource == Subject::"ada");\n'
SHORT = '@id("short") @minutes("10") permit (principal, action, resource);\n'


def path(world: World, more: str = "") -> str:
    return f"/api/v1/applications/{world.application.id}/policies{more}"


async def put(world: World, who: SignedInOperator, text: str) -> dict[str, Any]:
    answer = await who.browser.put(path(world), json={"text": text})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_admin_changes_policies_and_sees_every_version(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    before = (await admin.browser.get(path(world))).json()
    assert (before["version"], before["in_force"], before["proposed"]) == (None, None, None)
    assert "permit (principal, action, resource);" in before["default_text"]
    await put(world, admin, ALL)
    after = await put(world, admin, NOT_ADA)
    assert (after["version"], after["in_force"]["text"]) == (2, NOT_ADA)
    assert (after["in_force"]["set_by"], after["in_force"]["confirmed_by"]) == ("Sam", "Sam")
    assert (await admin.browser.get(path(world))).json() == after
    versions = (await admin.browser.get(path(world, "/versions"))).json()["items"]
    assert [one["version"] for one in versions] == [2, 1]
    assert world.logged()[-2:] == [EventType.POLICIES_CHANGED] * 2


async def test_of_two_admins_at_once_the_second_is_told(world: World) -> None:
    mia = await world.operator(Role.ADMIN)
    noor = await world.operator(Role.ADMIN, email="noor@support.example")
    first = await mia.browser.put(path(world), json={"text": ALL, "replaces": None})
    assert first.json()["version"] == 1
    second = await noor.browser.put(path(world), json={"text": SHORT, "replaces": None})
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert second.json()["rule"] == "policies_replaced"
    again = await noor.browser.put(path(world), json={"text": SHORT, "replaces": 1})
    assert again.json()["in_force"]["text"] == SHORT


async def test_sessions_that_new_policies_forbid_are_over_at_once(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    opened = await world.open_session()
    await put(world, admin, NOT_ADA)
    token = {"session_token": opened["session_token"]}
    answer = await world.backend.post("/api/v1/sessions/refresh", json=token)
    assert answer.json()["code"] == "session_over"
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
    refused = await world.backend.post("/api/v1/impersonations", json=body)
    assert (refused.status_code, refused.json()["rule"]) == (403, "policy_forbids")


async def test_a_fault_is_told_with_its_policy_and_nothing_changes(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    wrong = {"text": '@id("mine") @minutes("90") permit (principal, action, resource);'}
    answer = await admin.browser.put(path(world), json=wrong)
    assert (answer.status_code, answer.json()["field"]) == (422, "text")
    assert answer.json()["detail"] == "mine: @minutes is a number from 1 to 60."
    checked = await admin.browser.post(path(world, "/check"), json=wrong)
    assert checked.json() == {
        "faults": [{"policy": "mine", "message": "@minutes is a number from 1 to 60."}]
    }
    sound = await admin.browser.post(path(world, "/check"), json={"text": ALL})
    assert sound.json() == {"faults": []}
    assert (await admin.browser.get(path(world))).json()["version"] is None


async def test_a_change_waits_for_another_admin_where_the_settings_say_so(world: World) -> None:
    mia = await world.operator(Role.ADMIN)
    noor = await world.operator(Role.ADMIN, email="noor@support.example")
    change = {"settings": {"policy_changes": {"confirmation": "second_admin"}}}
    changed = await mia.browser.patch(path(world).removesuffix("/policies"), json=change)
    terms = changed.json()["settings"]["policy_changes"]
    assert terms == {"confirmation": "second_admin", "delay_hours": 24}
    waiting = await put(world, mia, NOT_ADA)
    assert (waiting["version"], waiting["proposed"]["version"]) == (None, 1)
    own = await mia.browser.post(path(world, "/versions/1/confirm"))
    assert (own.status_code, own.json()["rule"]) == (409, "policies_own_change")
    confirmed = await noor.browser.post(path(world, "/versions/1/confirm"))
    assert (confirmed.json()["version"], confirmed.json()["proposed"]) == (1, None)
    await put(world, mia, ALL)
    withdrawn = await mia.browser.post(path(world, "/versions/2/withdraw"))
    assert (withdrawn.json()["version"], withdrawn.json()["proposed"]) == (1, None)


@pytest.mark.parametrize("version", ["9", "0", "-1", "one", "9" * 30])
async def test_a_version_that_is_none_is_not_found(world: World, version: str) -> None:
    admin = await world.operator(Role.ADMIN)
    answer = await admin.browser.post(path(world, f"/versions/{version}/confirm"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_only_admins_change_and_try_and_managers_read(world: World) -> None:
    manager = await world.operator(Role.SUPPORT_MANAGER)
    assert (await manager.browser.get(path(world))).status_code == 200
    for answer in (
        await manager.browser.put(path(world), json={"text": ALL}),
        await manager.browser.post(path(world, "/simulate"), json={"subject_id": "ada"}),
        await manager.browser.post(path(world, "/versions/1/confirm")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    for answer in (
        await world.backend.get(path(world)),
        await world.backend.put(path(world), json={"text": ALL}),
    ):
        assert answer.status_code in (401, 403)
    unknown = await manager.browser.get("/api/v1/applications/app_nobody/policies")
    assert unknown.status_code == 404


async def test_the_simulator_says_what_would_be_decided_and_why(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    kim = await world.operator(Role.SUPPORT_MANAGER, email="kim@support.example")
    await put(world, admin, NOT_ADA)
    ask = {"subject_id": "ada", "operator": "KIM@support.example"}
    entries = len(world.logged())
    said = (await admin.browser.post(path(world, "/simulate"), json=ask)).json()
    assert (said["permitted"], said["decided_by"]) == (False, "policy_forbids")
    assert said["policies"]["deciding"] == ["not-ada"]
    refusing = [rule for rule in said["rules"] if rule["refuses"]]
    assert [rule["code"] for rule in refusing] == ["policy_forbids"]
    assert refusing[0]["lifted_by"] == "admin"
    by_id = ask | {"operator": kim.operator.id, "text": SHORT, "minutes": 40}
    tried = (await admin.browser.post(path(world, "/simulate"), json=by_id)).json()
    assert (tried["permitted"], tried["minutes"]) == (True, 10)
    assert (tried["policies"]["deciding"], tried["policies"]["unlocks"]) == (["short"], [])
    lets = '@unlocks("POST /notes") permit (principal, action, resource);'
    told = (await admin.browser.post(path(world, "/simulate"), json=by_id | {"text": lets})).json()
    assert told["policies"]["unlocks"] == ["POST /notes"]
    named = {"subject_id": "ada", "actor_id": "kim", "text": ALL, "reason": "-"}
    short = (await admin.browser.post(path(world, "/simulate"), json=named)).json()
    assert short["decided_by"] == "reason_too_short"
    assert len(world.logged()) == entries


@pytest.mark.parametrize(
    ("who", "status"),
    [({}, 422), ({"operator": "a", "actor_id": "b"}, 422), ({"operator": "nobody"}, 404)],
)
async def test_the_simulator_wants_one_actor(
    world: World, who: dict[str, str], status: int
) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"subject_id": "ada"} | who
    answer = await admin.browser.post(path(world, "/simulate"), json=body)
    assert answer.status_code == status, answer.text


async def test_without_policies_the_simulator_asks_the_rules_alone(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"subject_id": "ada", "actor_id": "kim"}
    said = (await admin.browser.post(path(world, "/simulate"), json=body)).json()
    assert (said["permitted"], said["policies"], said["minutes"]) == (True, None, 30)


async def test_the_simulator_says_how_many_have_to_agree(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    text = '@approvals("2") @minutes("10") permit (principal, action, resource);'
    body = {"subject_id": "ada", "actor_id": "kim", "text": text}
    said = (await admin.browser.post(path(world, "/simulate"), json=body)).json()
    assert (said["permitted"], said["decided_by"]) == (False, None)
    assert (said["approvals"], said["minutes"]) == (2, 10)


async def test_the_simulator_counts_whom_the_actor_became_of_late(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    change = {"settings": {"insiders": {"subjects_an_hour": 1}}}
    changed = await admin.browser.patch(path(world).removesuffix("/policies"), json=change)
    assert changed.status_code == 200, changed.text
    saved = await world.backend.put("/api/v1/subjects/bob", json={"name": "Bob"})
    assert saved.status_code in (200, 201), saved.text
    body = {"subject_id": "bob", "reason": REASON, "actor": {"id": "kim"}}
    assert (await world.backend.post("/api/v1/impersonations", json=body)).status_code == 201
    asked = {"subject_id": "ada", "actor_id": "kim"}
    said = (await admin.browser.post(path(world, "/simulate"), json=asked)).json()
    assert (said["permitted"], said["approvals"]) == (False, 1)


async def test_where_an_actor_of_the_application_would_be_is_not_known(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    text = ALL + (
        'forbid (principal, action == Action::"start", resource) unless { context has address };'
    )
    body = {"subject_id": "ada", "actor_id": "kim", "text": text, "address": "192.0.2.1"}
    said = (await admin.browser.post(path(world, "/simulate"), json=body)).json()
    assert said["decided_by"] == "policy_forbids"


async def test_the_simulator_knows_this_century_alone(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"subject_id": "ada", "actor_id": "kim", "now": "0001-01-01T00:00:00+14:00"}
    answer = await admin.browser.post(path(world, "/simulate"), json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "now")
