from __future__ import annotations

import pytest

from tests.fixtures.service import REASON, World
from understudy.core.people.permissions import Role


def _path(world: World, subject_id: str = "/ada") -> str:
    return f"/api/v1/honey-users{subject_id}?application_id={world.application.id}"


async def _set(world: World, *, honey: bool = True) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    answer = await mara.browser.put(_path(world), json={"honey": honey})
    assert answer.status_code == 200, answer.text
    assert answer.json()["honey"] is honey


async def test_admins_set_honey_users_and_see_who_they_are(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    assert (await mara.browser.get(_path(world))).json()["honey"] is False
    await mara.browser.put(_path(world), json={"honey": True})
    (listed,) = (await mara.browser.get(_path(world, ""))).json()["items"]
    assert (listed["id"], listed["honey"]) == ("ada", True)
    assert (await mara.browser.get(_path(world))).json() == listed
    await mara.browser.put(_path(world), json={"honey": False})
    assert (await mara.browser.get(_path(world, ""))).json()["items"] == []
    for unknown in (
        await mara.browser.get(_path(world, "/nobody")),
        await mara.browser.put(_path(world, "/nobody"), json={"honey": True}),
    ):
        assert unknown.status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPORT_MANAGER, Role.APPROVER, Role.AUDITOR])
async def test_nobody_else_sees_or_sets_them(world: World, role: Role) -> None:
    await _set(world)
    other = await world.operator(role)
    for client in (other.browser, world.backend):
        assert (await client.get(_path(world))).status_code in (401, 403)
        assert (await client.get(_path(world, ""))).status_code in (401, 403)
        refused = await client.put(_path(world), json={"honey": False})
        assert refused.status_code in (401, 403)


async def test_a_honey_user_looks_like_others_and_a_start_like_one_of_nobody(world: World) -> None:
    agent = await world.operator(Role.SUPPORT_MANAGER)
    subject = f"/api/v1/subjects/ada?application_id={world.application.id}"
    before = (await agent.browser.get(subject)).json()
    await _set(world)
    assert (await agent.browser.get(subject)).json() == before
    answers = []
    for subject_id in ("ada", "nobody"):
        body = {
            "application_id": world.application.id,
            "subject_id": subject_id,
            "reason": REASON,
        }
        answers.append(await agent.browser.post("/api/v1/impersonations", json=body))
    ada, nobody = (dict(one.json(), request_id=None, instance=None) for one in answers)
    assert [one.status_code for one in answers] == [403, 403]
    assert ada == nobody
    assert "honey.touched" in world.logged()
