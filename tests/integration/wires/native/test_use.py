from __future__ import annotations

import pytest

from tests.fixtures.service import REASON, World
from understudy.core.people.permissions import Role


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_whoever_watches_sees_how_much_an_operator_does(world: World, role: Role) -> None:
    agent = await world.operator(Role.SUPPORT_MANAGER)
    for subject_id in ("ada", "nobody"):
        body = {
            "application_id": world.application.id,
            "subject_id": subject_id,
            "reason": REASON,
        }
        await agent.browser.post("/api/v1/impersonations", json=body)
    watcher = await world.operator(role, email="mara@support.example")
    answer = await watcher.browser.get(f"/api/v1/operators/{agent.operator.id}/use")
    assert answer.status_code == 200
    use = answer.json()
    assert (use["operator"]["id"], use["users"]) == (agent.operator.id, 1)
    (day,) = use["days"]
    assert (day["grants"], day["users"], day["refused"], day["alarms"]) == (1, 1, 1, 0)
    unknown = await watcher.browser.get("/api/v1/operators/opr_none/use")
    assert unknown.status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPORT_MANAGER, Role.APPROVER])
async def test_nobody_else_does_not_even_of_themselves(world: World, role: Role) -> None:
    agent = await world.operator(role)
    path = f"/api/v1/operators/{agent.operator.id}/use"
    assert (await agent.browser.get(path)).status_code == 403
    assert (await world.backend.get(path)).status_code in (401, 403)
