from __future__ import annotations

import asyncio

from tests.fixtures.event_stream import PATIENCE_SECONDS, listening
from tests.fixtures.service import World
from understudy.core.people.permissions import Role
from understudy.http.stream import QUEUE_LENGTH, Heartbeat


async def test_a_backend_hears_at_once_that_its_session_was_revoked(world: World) -> None:
    opened = await world.open_session()
    sam = await world.operator(Role.SUPPORT_MANAGER)
    auth, last = (world.application.id, world.secret), len(world.logged()) - 1
    async with listening(world.app, auth=auth, last_event_id=last) as stream:
        await sam.browser.post(f"/api/v1/sessions/{opened['session']['id']}/revoke")
        event = await stream.next("session")
    assert event.data == {
        "session_id": opened["session"]["id"],
        "type": "session.revoked",
        "cause": "revoked",
    }
    assert event.id == len(world.logged()) - 1


async def test_the_stream_is_not_to_be_buffered_or_kept(world: World) -> None:
    async with listening(world.app, auth=(world.application.id, world.secret)) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        assert stream.headers["x-accel-buffering"] == "no"


async def test_a_heartbeat_says_up_to_where_everything_was_sent(world: World) -> None:
    async with listening(world.app, auth=(world.application.id, world.secret)) as stream:
        beat = await stream.next("heartbeat")
        assert beat.data == {"index": len(world.logged()) - 1}
        assert beat.id == beat.data["index"]


async def test_what_was_missed_comes_first(world: World) -> None:
    before = len(world.logged()) - 1
    opened = await world.open_session()
    session_id = opened["session"]["id"]
    await world.backend.post(f"/api/v1/sessions/{session_id}/end")
    auth = (world.application.id, world.secret)
    async with listening(world.app, auth=auth, last_event_id=before) as stream:
        started, ended = await stream.next("session"), await stream.next("session")
        assert (started.data["type"], ended.data["type"]) == ("session.started", "session.ended")
        again = await world.open_session()
        live = await stream.next("session")
    assert live.data["session_id"] == again["session"]["id"]
    assert before < started.id < ended.id < live.id


async def test_nothing_comes_twice_after_resuming(world: World) -> None:
    opened = await world.open_session()
    started = len(world.logged()) - 1
    auth = (world.application.id, world.secret)
    async with listening(world.app, auth=auth, last_event_id=started) as stream:
        await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end")
        assert (await stream.next("session")).data["type"] == "session.ended"


async def test_an_index_from_the_future_is_taken_for_the_present(world: World) -> None:
    auth = (world.application.id, world.secret)
    async with listening(world.app, auth=auth, last_event_id=10**12) as stream:
        opened = await world.open_session()
        assert (await stream.next("session")).data["session_id"] == opened["session"]["id"]


async def test_an_application_hears_nothing_of_others(world: World) -> None:
    shop = world.other_application()
    auth = (shop.application.id, shop.secret)
    before = len(world.logged()) - 1
    async with listening(world.app, auth=auth, last_event_id=before) as stream:
        await world.open_session()
        seen = len(world.logged()) - 1
        passed_over = await stream.until_heartbeat(seen)
    assert [event.type for event in passed_over if event.type != "heartbeat"] == []


async def test_an_operator_hears_of_all_applications(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    async with listening(world.app, cookie=sam.browser.headers["cookie"]) as stream:
        opened = await world.open_session()
        event = await stream.next("session")
    assert event.data["session_id"] == opened["session"]["id"]


async def test_whoever_cannot_see_sessions_cannot_listen(world: World) -> None:
    async with listening(world.app) as stream:
        assert stream.status == 401


async def test_a_last_event_id_that_is_no_index_is_refused(world: World) -> None:
    headers = {"last-event-id": "-1"}
    answer = await world.backend.get("/api/v1/events/stream", headers=headers)
    assert answer.status_code == 422


async def test_a_stream_ends_with_the_sign_in_that_opened_it(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    async with listening(world.app, cookie=sam.browser.headers["cookie"]) as stream:
        await sam.browser.post("/api/v1/sign-out")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.closed.wait()


async def test_a_stream_ends_with_the_secret_that_opened_it(world: World) -> None:
    boss = await world.operator(Role.ADMIN)
    async with listening(world.app, auth=(world.application.id, world.secret)) as stream:
        await stream.next("heartbeat")
        path = f"/api/v1/applications/{world.application.id}/rotate-secret"
        await boss.browser.post(path, json={"overlap_minutes": 0})
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.closed.wait()


async def test_a_stream_ends_with_the_role_that_opened_it(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    boss = await world.operator(Role.ADMIN, email="boss@support.example")
    async with listening(world.app, cookie=sam.browser.headers["cookie"]) as stream:
        path = f"/api/v1/operators/{sam.operator.id}"
        await boss.browser.patch(path, json={"status": "disabled"})
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.closed.wait()


async def test_stopping_ends_the_stream(world: World) -> None:
    async with listening(world.app, auth=(world.application.id, world.secret)) as stream:
        world.app.node.stream.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.closed.wait()
    assert world.app.node.stream.listeners == 0


async def test_a_listener_who_leaves_is_forgotten(world: World) -> None:
    async with listening(world.app, auth=(world.application.id, world.secret)):
        assert world.app.node.stream.listeners == 1
    assert world.app.node.stream.listeners == 0


async def test_a_listener_who_lags_is_cut_off(world: World) -> None:
    stream = world.app.node.stream
    slow = stream.listen(None)
    stream.on_entries([])
    for index in range(QUEUE_LENGTH + 1):
        stream.on_heartbeat(index)
    # The loop delivers in order; this is behind all of them.
    delivered = asyncio.Event()
    asyncio.get_running_loop().call_soon(delivered.set)
    await delivered.wait()
    assert stream.listeners == 0
    assert [news async for news in slow.news()] == []
    assert Heartbeat(index=1).content.startswith(b"id: 1\n")


async def test_guards_hear_at_once_that_the_rules_changed(world: World) -> None:
    other = world.other_application()
    auth, last = (world.application.id, world.secret), len(world.logged()) - 1
    async with listening(world.app, auth=auth, last_event_id=last) as stream:
        mara = await world.operator(Role.ADMIN)
        for application_id in (other.application.id, world.application.id):
            path = f"/api/v1/applications/{application_id}"
            await mara.browser.patch(path, json={"settings": {"max_minutes": 45}})
        event = await stream.next("rules")
    assert event.data == {"application_id": world.application.id}
