"""Knowing while a connection stays open that its session is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from understudy.contrib.asgi import watch
from understudy.contrib.asgi.waiting import ask
from understudy.contrib.asgi.watch import Cutter, until_over
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cache import Ended, Held
from understudy.sdk.passage.passage import Passage
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.testing import FakeGateway, FakeSession

Watching = Callable[[Runtime, Secret, Held], Awaitable[None]]


def run(gateway: FakeGateway, session: FakeSession, watching: Watching) -> None:
    """Run ``watching`` in an app that serves ``session`` and hears the news."""
    understudy = gateway.understudy()

    async def main() -> None:
        runtime, token = understudy.runtime(), Secret(session.token)
        held = await ask(runtime, token, b"any")
        assert isinstance(held, Held)
        await asyncio.to_thread(gateway.wait_for_followers)
        async with asyncio.timeout(5):
            await watching(runtime, token, held)

    try:
        asyncio.run(main())
    finally:
        gateway.reachable = True
        understudy.close()


def watched(runtime: Runtime, token: Secret, held: Held) -> Passage:
    """A passage, as far as a cutter looks at it."""
    return SimpleNamespace(runtime=runtime, token=token, held=held)  # type: ignore[return-value]


def test_an_ending_wakes_the_watcher(gateway: FakeGateway) -> None:
    session = gateway.open()

    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        watcher = asyncio.create_task(until_over(runtime, token, held))
        await asyncio.sleep(0)
        gateway.revoke(session.id)
        ended = await watcher
        assert isinstance(ended, Ended)
        assert ended.cause is EndCause.REVOKED

    run(gateway, session, watching)


def test_an_ending_before_the_watch_is_seen_at_once(gateway: FakeGateway) -> None:
    session = gateway.open()

    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        runtime.cache.close(session.id, EndCause.IDLE)
        ended = await until_over(runtime, token, held)
        assert ended is not None
        assert ended.cause is EndCause.IDLE

    run(gateway, session, watching)


def test_without_news_the_service_is_asked_again_and_again(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_SHORTEST", 0.01)
    monkeypatch.setattr(watch, "FRESH_SECONDS", 0.01)
    session = gateway.open()

    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        gateway.streaming = False
        gateway.break_streams()
        runtime.pulse.connected()
        asked = gateway.calls.count("refresh")
        watcher = asyncio.create_task(until_over(runtime, token, held))
        await asyncio.to_thread(gateway.wait_for_calls, "refresh", at_least=asked + 3)
        gateway.revoke(session.id)
        ended = await watcher
        assert ended is not None
        assert ended.cause is EndCause.REVOKED

    run(gateway, session, watching)


def test_when_nobody_can_tell_the_watch_ends_without_a_cause(gateway: FakeGateway) -> None:
    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        gateway.reachable = False
        runtime.pulse.connected()
        assert await until_over(runtime, token, held) is None

    run(gateway, gateway.open(), watching)


def test_a_watcher_whose_loop_is_gone_harms_nobody(gateway: FakeGateway) -> None:
    session = gateway.open()
    understudy = gateway.understudy()
    left: list[Callable[[], object]] = []

    async def main() -> None:
        runtime, token = understudy.runtime(), Secret(session.token)
        held = await ask(runtime, token, b"any")
        assert isinstance(held, Held)
        keep = runtime.cache.watch

        def keep_only(session_id: str, watcher: Callable[[], object]) -> None:
            left.append(watcher)

        runtime.cache.watch = keep_only  # type: ignore[method-assign]
        task = asyncio.create_task(until_over(runtime, token, held))
        await asyncio.sleep(0)
        runtime.cache.watch = keep  # type: ignore[method-assign]
        task.cancel()

    asyncio.run(main())
    left[0]()
    understudy.close()


def test_a_cutter_cancels_the_task_it_was_made_in(gateway: FakeGateway) -> None:
    session = gateway.open()

    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        async def stream() -> str:
            cutter = Cutter(watched(runtime, token, held))
            cutter.start()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return "cut" if cutter.has_cut() else "cancelled"
            finally:
                cutter.stop()
            return "finished"

        task = asyncio.create_task(stream())
        await asyncio.sleep(0)
        gateway.revoke(session.id)
        assert await task == "cut"

        other = asyncio.create_task(stream())
        await asyncio.sleep(0)
        other.cancel()
        assert await other in ("cancelled", "cut")

    run(gateway, session, watching)


def test_a_cutter_that_never_started_stops_quietly(gateway: FakeGateway) -> None:
    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        cutter = Cutter(watched(runtime, token, held))
        cutter.stop()
        assert not cutter.has_cut()

    run(gateway, gateway.open(), watching)


def test_a_cutter_gives_an_answer_its_grace(gateway: FakeGateway) -> None:
    session = gateway.open()

    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        runtime.cache.close(session.id, EndCause.REVOKED)

        async def answer() -> str:
            cutter = Cutter(watched(runtime, token, held))
            cutter.start(grace=60.0)
            for _ in range(50):
                await asyncio.sleep(0)
            cutter.stop()
            return "finished"

        assert await asyncio.create_task(answer()) == "finished"

    run(gateway, session, watching)


def test_a_cutter_says_by_what_it_has_cut(gateway: FakeGateway) -> None:
    async def watching(runtime: Runtime, token: Secret, held: Held) -> None:
        cutter = Cutter(watched(runtime, token, held))
        cutter.cut("unavailable")
        cutter.cut()
        assert cutter.cut_by == "unavailable"
        assert cutter.is_over()

    run(gateway, gateway.open(), watching)
