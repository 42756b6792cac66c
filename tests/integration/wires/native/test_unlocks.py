"""One blocked change over HTTP: its app asks, an approver looks at it, its app lets it through."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.service import World
from understudy.core.people.permissions import Role

REASON = "The customer asked for the bigger plan on the phone"
WRITE = {
    "method": "POST",
    "host": "billing.example",
    "path": "/billing/7/plan",
    "media_type": "application/json",
    "query": [],
    "fields": [["plan", '"pro"']],
}


async def asked(world: World, **changes: Any) -> tuple[str, httpx.Response]:
    world.change_settings(unlocks=True)
    opened = await world.open_session(scope="read_only")
    path = f"/api/v1/sessions/{opened['session']['id']}/unlocks"
    body = {"write": WRITE, "reason": REASON} | changes
    return path, await world.backend.post(path, json=body)


async def test_it_is_asked_for_looked_at_allowed_and_let_through_once(world: World) -> None:
    path, answer = await asked(world)
    assert answer.status_code == 201, answer.text
    unlock = answer.json()
    approver = await world.operator(Role.APPROVER, email="pat@support.example")
    (waiting,) = (await approver.browser.get("/api/v1/unlocks")).json()["items"]
    assert waiting["id"] == unlock["id"]
    assert waiting["actor"]["id"] == "kim"
    assert waiting["subject"]["email"] == "ada@acme.example"
    assert (waiting["reason"], waiting["path"]) == (REASON, "/billing/7/plan")
    assert waiting["fields"] == [{"name": "plan", "value": '"pro"'}]
    spend = f"{path}/spend"
    nothing = await world.backend.post(spend, json={"write": WRITE})
    assert nothing.json() == {"spent": False, "differs": []}
    allowed = await approver.browser.post(f"/api/v1/unlocks/{unlock['id']}/allow")
    assert allowed.json()["status"] == "allowed"
    another = WRITE | {"fields": [["plan", '"max"']]}
    differs = await world.backend.post(spend, json={"write": another})
    assert differs.json() == {"spent": False, "differs": ["plan"]}
    spent = await world.backend.post(spend, json={"write": WRITE})
    assert spent.json() == {"spent": True, "differs": []}
    again = await world.backend.post(spend, json={"write": WRITE})
    assert again.json() == {"spent": False, "differs": []}
    assert (await approver.browser.get("/api/v1/unlocks")).json()["items"] == []


async def test_one_that_was_refused_is_not_let_through_or_decided_again(world: World) -> None:
    path, answer = await asked(world)
    approver = await world.operator(Role.APPROVER, email="pat@support.example")
    one = f"/api/v1/unlocks/{answer.json()['id']}"
    assert (await approver.browser.post(f"{one}/refuse")).json()["status"] == "refused"
    late = await approver.browser.post(f"{one}/allow")
    assert (late.status_code, late.json()["rule"]) == (403, "unlock_closed")
    spent = await world.backend.post(f"{path}/spend", json={"write": WRITE})
    assert spent.json()["spent"] is False


async def test_an_application_that_has_it_off_is_told_so(world: World) -> None:
    opened = await world.open_session(scope="read_only")
    path = f"/api/v1/sessions/{opened['session']['id']}/unlocks"
    answer = await world.backend.post(path, json={"write": WRITE, "reason": REASON})
    assert (answer.status_code, answer.json()["rule"]) == (403, "unlocks_off")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
async def test_who_may_decide(world: World, role: Role) -> None:
    _, answer = await asked(world)
    somebody = await world.operator(role, email="pat@support.example")
    expected = 403 if role is Role.AUDITOR else 200
    path = f"/api/v1/unlocks/{answer.json()['id']}/refuse"
    assert (await somebody.browser.get("/api/v1/unlocks")).status_code == expected
    assert (await somebody.browser.post(path)).status_code == expected
    assert (await world.backend.post(path)).status_code in {401, 403}
    assert (await world.stranger.post(path)).status_code == 401


async def test_another_application_learns_nothing_of_it(world: World) -> None:
    path, _ = await asked(world)
    other = world.other_application()
    for address, body in ((path, {"write": WRITE, "reason": REASON}), (f"{path}/spend", None)):
        answer = await other.backend.post(address, json=body or {"write": WRITE})
        assert answer.status_code == 404


@pytest.mark.parametrize("spends", [False, True])
async def test_what_was_turned_off_a_moment_ago_is_off(world: World, spends: bool) -> None:
    path, answer = await asked(world)
    approver = await world.operator(Role.APPROVER, email="pat@support.example")
    await approver.browser.post(f"/api/v1/unlocks/{answer.json()['id']}/allow")
    # The application is known from this sign-in, with its settings of by then.
    await world.backend.get("/api/v1/application")
    world.change_settings(unlocks=False)
    if spends:
        spent = await world.backend.post(f"{path}/spend", json={"write": WRITE})
        assert spent.json()["spent"] is False
    else:
        refused = await world.backend.post(path, json={"write": WRITE, "reason": REASON})
        assert (refused.status_code, refused.json()["rule"]) == (403, "unlocks_off")
