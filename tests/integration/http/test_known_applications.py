"""A backend that was known a moment ago is judged by what holds now."""

from __future__ import annotations

from tests.fixtures.event_stream import listening
from tests.fixtures.service import World
from understudy.core.people.permissions import Role


async def known(world: World) -> None:
    """Have the backend known by heart."""
    async with listening(world.app, auth=(world.application.id, world.secret)) as stream:
        await stream.next("heartbeat")
    assert (await world.backend.get("/api/v1/application")).status_code == 200
    assert world.app.node.known_applications.get(world.application.id) is not None


async def test_a_disabled_application_is_out_with_the_very_next_request(world: World) -> None:
    boss = await world.operator(Role.ADMIN)
    await known(world)
    path = f"/api/v1/applications/{world.application.id}"
    assert (await boss.browser.patch(path, json={"status": "disabled"})).status_code == 200
    assert (await world.backend.get("/api/v1/application")).status_code == 401


async def test_a_secret_that_was_replaced_is_no_good_with_the_very_next_request(
    world: World,
) -> None:
    boss = await world.operator(Role.ADMIN)
    await known(world)
    path = f"/api/v1/applications/{world.application.id}/rotate-secret"
    assert (await boss.browser.post(path, json={"overlap_minutes": 0})).status_code == 200
    assert (await world.backend.get("/api/v1/application")).status_code == 401


async def test_a_change_that_somebody_else_made_is_heard_of(world: World) -> None:
    await known(world)
    auth = (world.application.id, world.secret)
    async with listening(world.app, auth=auth, last_event_id=len(world.logged()) - 1) as stream:
        world.change_settings(idle_minutes=5)
        await stream.next("rules")
    assert world.app.node.known_applications.get(world.application.id) is None


async def test_a_session_is_held_to_the_settings_of_its_own_moment(world: World) -> None:
    await known(world)
    started = await world.start()
    # Behind everybody's back, and before anybody could have heard of it.
    world.change_settings(idle_minutes=5)
    world.app.node.known_applications.keep(
        world.application, changes=world.app.node.known_applications.changes
    )
    token = {"impersonation_token": started["impersonation_token"]}
    opened = (await world.backend.post("/api/v1/impersonations/exchange", json=token)).json()
    assert opened["session"]["idle_ends_at"] == "2026-11-22T09:35:00Z"
