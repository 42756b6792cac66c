from __future__ import annotations

import pytest

from tests.fixtures.service import REASON, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

KIM = {"email": "Kim@Support.example", "name": "Kim", "roles": ["support_manager", "approver"]}


async def test_inviting_somebody_shows_the_link_once_and_never_in_a_query(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    answer = await mara.browser.post("/api/v1/operators", json=KIM)
    assert answer.status_code == 201
    invited = answer.json()
    assert invited["operator"]["email"] == "kim@support.example"
    assert invited["operator"]["status"] == "invited"
    assert invited["invitation_url"].startswith("http://localhost:8700/invitation#token=usv_")
    listed = (await mara.browser.get("/api/v1/operators")).json()["items"]
    assert {one["email"] for one in listed} == {"sam@support.example", "kim@support.example"}
    assert "usv_" not in str(listed)


async def test_an_address_is_invited_once(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    await mara.browser.post("/api/v1/operators", json=KIM)
    again = await mara.browser.post(
        "/api/v1/operators", json=KIM | {"email": "KIM@support.example"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


async def test_the_same_idempotency_key_invites_once(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    key = {"idempotency-key": "invite-kim"}
    first, second = [
        await mara.browser.post("/api/v1/operators", json=KIM, headers=key) for _ in range(2)
    ]
    assert first.json() == second.json()
    assert world.logged().count(EventType.OPERATOR_INVITED) == 2  # Mara herself, and Kim once


async def test_a_new_link_kills_the_old_one(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    invited = (await mara.browser.post("/api/v1/operators", json=KIM)).json()
    path = f"/api/v1/operators/{invited['operator']['id']}/invite"
    renewed = (await mara.browser.post(path)).json()
    old, new = (
        {"token": link["invitation_url"].partition("#token=")[2]} for link in (invited, renewed)
    )
    inspect = "/api/v1/invitations/inspect"
    assert (await world.stranger.post(inspect, json=old)).status_code == 401
    assert (await world.stranger.post(inspect, json=new)).status_code == 200


async def test_disabling_somebody_ends_their_sign_in_and_their_sessions(world: World) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    grant = (await sam.browser.post("/api/v1/impersonations", json=asked)).json()["grant"]
    path = f"/api/v1/operators/{sam.operator.id}"
    answer = await mara.browser.patch(path, json={"status": "disabled"})
    assert answer.json()["status"] == "disabled"
    assert (await sam.browser.get("/api/v1/me")).status_code == 401
    assert EventType.OPERATOR_DISABLED in world.logged()
    enabled = await mara.browser.patch(path, json={"status": "active", "name": "Sam R."})
    assert (enabled.json()["status"], enabled.json()["name"]) == ("active", "Sam R.")
    assert grant["status"] == "ready"


async def test_an_admin_says_which_groups_a_colleague_is_in(world: World) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    kim = await mara.browser.post("/api/v1/operators", json=KIM | {"groups": ["leads", "billing"]})
    assert kim.json()["operator"]["groups"] == ["billing", "leads"]
    path = f"/api/v1/operators/{kim.json()['operator']['id']}"
    renamed = await mara.browser.patch(path, json={"name": "Kim Q."})
    assert renamed.json()["groups"] == ["billing", "leads"]
    left = await mara.browser.patch(path, json={"groups": ["billing"]})
    assert left.json()["groups"] == ["billing"]
    none = await mara.browser.patch(path, json={"groups": []})
    assert (none.status_code, none.json()["groups"]) == (200, [])
    for wrong in (["Billing"], ["a b"], "billing", [f"g{n}" for n in range(21)]):
        refused = await mara.browser.patch(path, json={"groups": wrong})
        assert (refused.status_code, refused.json()["field"][:6]) == (422, "groups")


async def test_the_last_admin_stays_admin(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/operators/{mara.operator.id}"
    for change in ({"status": "disabled"}, {"roles": ["auditor"]}):
        answer = await mara.browser.patch(path, json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_an_admin_who_wants_to_impersonate_takes_the_role_in_the_open(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    refused = await mara.browser.post("/api/v1/impersonations", json=asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    path = f"/api/v1/operators/{mara.operator.id}"
    await mara.browser.patch(path, json={"roles": ["admin", "support_manager"]})
    assert (await mara.browser.post("/api/v1/impersonations", json=asked)).status_code == 201
    assert EventType.OPERATOR_UPDATED in world.logged()


async def test_signing_a_colleague_out_ends_their_sign_ins(world: World) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    answer = await mara.browser.post(f"/api/v1/operators/{sam.operator.id}/sign-out")
    assert answer.status_code == 204
    assert (await sam.browser.get("/api/v1/me")).status_code == 401
    missing = await mara.browser.post("/api/v1/operators/opr_nobody/sign-out")
    assert missing.status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPORT_MANAGER, Role.APPROVER, Role.AUDITOR])
async def test_only_an_admin_changes_the_team(world: World, role: Role) -> None:
    somebody = await world.operator(role)
    invited = await somebody.browser.post("/api/v1/operators", json=KIM)
    changed = await somebody.browser.patch(
        f"/api/v1/operators/{somebody.operator.id}", json={"roles": ["admin"]}
    )
    assert invited.status_code == changed.status_code == 403


async def test_an_application_never_sees_the_team(world: World) -> None:
    assert (await world.backend.get("/api/v1/operators")).status_code == 403
