"""The decision on a start, asked for by AuthZEN's Authorization API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.service import REASON, World
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter
from understudy.flows.governance import policies
from understudy.flows.origin import Origin

PATH = "/access/v1/evaluation"
SHORT = '@id("short") @minutes("10") @scope("read_only") permit (principal, action, resource);'


def question(**changes: Any) -> dict[str, Any]:
    return {
        "subject": {"type": "actor", "id": "kim", "properties": {"team": "billing"}},
        "action": {"name": "impersonate"},
        "resource": {"type": "user", "id": "ada"},
        "context": {"reason": REASON, "time": "2026-01-05T09:00:00Z"},
    } | changes


async def asked(world: World, **changes: Any) -> dict[str, Any]:
    answer = await world.backend.post(PATH, json=question(**changes))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def hold_to(world: World, text: str) -> None:
    engine = world.installation.engine
    found = policies.require_sound(engine.judge, text)
    engine.run(
        lambda unit: policies.change(unit, world.application.id, found, by=SYSTEM, origin=Origin())
    )


def last_details(world: World) -> Any:
    *_, entry = world.installation.engine.stream_entries(EntryFilter())
    assert entry.core is not None
    return entry.core.get("details")


async def test_a_yes_says_within_which_limits_and_grants_nothing(world: World) -> None:
    before = world.logged()
    assert await asked(world) == {"decision": True, "context": {"minutes": 30, "scope": "full"}}
    hold_to(world, SHORT)
    within = {"minutes": 10, "scope": "read_only"}
    assert await asked(world) == {"decision": True, "context": within}
    assert world.logged() == [*before, EventType.POLICIES_CHANGED]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"resource": {"type": "user", "id": "root"}}, "subject_protected"),
        ({"resource": {"type": "user", "id": "nobody"}}, "subject_unknown"),
        ({"subject": {"type": "actor", "id": "ada"}}, "subject_is_actor"),
        ({"context": {}}, "reason_missing"),
        ({"context": {"reason": REASON, "minutes": 61}}, "minutes_out_of_range"),
    ],
)
async def test_a_no_is_that_of_a_start_and_an_entry(
    world: World, changes: dict[str, Any], rule: str
) -> None:
    found = await asked(world, **changes)
    assert found == {"decision": False, "context": {"reason": rule}}
    assert world.logged()[-1] == EventType.GRANT_DENIED
    assert last_details(world) == {"only_asked": True}
    ask = question(**changes)
    native = {
        "subject_id": ask["resource"]["id"],
        "actor": {"id": ask["subject"]["id"]},
        "reason": "",
    } | {name: ask["context"][name] for name in ("reason", "minutes") if name in ask["context"]}
    started = await world.backend.post("/api/v1/impersonations", json=native)
    assert started.json()["rule"] == rule


async def test_a_policy_that_forbids_is_named_in_the_log_alone(world: World) -> None:
    hold_to(world, SHORT + 'forbid (principal, action, resource == Subject::"ada");')
    found = await asked(world)
    assert found == {"decision": False, "context": {"reason": "policy_forbids"}}
    assert last_details(world)["policy_version"] == 1


async def test_the_groups_of_an_actor_come_with_the_question(world: World) -> None:
    hold_to(
        world,
        "permit (principal, action, resource);"
        'forbid (principal, action, resource) unless { principal.groups.contains("billing") };',
    )

    def by(*groups: str) -> dict[str, Any]:
        return {"type": "actor", "id": "kim", "properties": {"groups": list(groups)}}

    assert (await asked(world, subject=by("billing", "leads")))["decision"] is True
    assert (await asked(world, subject=by("leads")))["decision"] is False
    assert (await asked(world))["decision"] is False
    odd = await world.backend.post(PATH, json=question(subject=by("The Billing Team")))
    assert odd.status_code == 400


async def test_what_others_have_to_agree_to_is_a_no_that_says_so(world: World) -> None:
    hold_to(world, '@approvals("2") permit (principal, action, resource);')
    found = await asked(world)
    assert found["decision"] is False
    assert found["context"]["reason"] == "approval_required"
    assert (found["context"]["approvals"], found["context"]["minutes"]) == (2, 30)


@pytest.mark.parametrize(
    "changes", [{"action": {"name": "delete"}}, {"resource": {"type": "invoice", "id": "ada"}}]
)
async def test_what_is_no_impersonation_of_a_user_is_not_decided(
    world: World, changes: dict[str, Any]
) -> None:
    before = world.logged()
    found = await asked(world, **changes)
    assert found == {"decision": False, "context": {"reason": "not_decided_here"}}
    assert world.logged() == before


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"subject": {"type": "actor", "id": "kim"}, "action": {"name": "impersonate"}}',
        b'{"subject": {"type": "actor"}, "action": {"name": "a"}, "resource": {"type": "user"}}',
    ],
)
async def test_what_is_no_question_is_a_400_without_a_decision(world: World, body: bytes) -> None:
    answer = await world.backend.post(
        PATH, content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_request"
    assert "decision" not in answer.json()


async def test_the_applications_own_backend_asks_and_nobody_else(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    stranger = await _post(world.stranger)
    assert stranger.status_code == 401
    assert "basic" in stranger.headers["www-authenticate"].casefold()
    assert (await _post(admin.browser)).status_code in (401, 403)


async def _post(client: httpx.AsyncClient) -> httpx.Response:
    answer = await client.post(PATH, json=question())
    assert "decision" not in answer.json()
    return answer
