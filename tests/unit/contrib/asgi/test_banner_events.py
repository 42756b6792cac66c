"""The banner's event stream."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from understudy.contrib.asgi import banner_events, watch
from understudy.contrib.asgi.banner_events import stream_events
from understudy.contrib.asgi.waiting import ask
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import stopping
from understudy.sdk.cache import Ended
from understudy.sdk.secret import Secret
from understudy.testing import FakeGateway


class Page:
    """A page that listens."""

    def __init__(self) -> None:
        self.start: Any = None
        self.heard: list[bytes] = []
        self.complete = False
        self.gone = asyncio.Event()
        self.hears = asyncio.Event()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.heard.append(message["body"])
        self.complete = not message.get("more_body", False)
        self.hears.set()

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}


def listen(gateway: FakeGateway, during: Any = None, *, known: Ended | None = None) -> Page:
    """What a page hears of one live session, unless it is ``known`` to be over."""
    session, understudy = gateway.open(), gateway.understudy()

    async def main() -> Page:
        page, runtime, token = Page(), understudy.runtime(), Secret(session.token)
        found = known or await ask(runtime, token, b"any")
        stream = asyncio.create_task(
            stream_events(runtime, token, found, receive=page.receive, send=page.send)
        )
        await page.hears.wait()
        if during is not None:
            await during(page, session)
        async with asyncio.timeout(5):
            await stream
        return page

    try:
        return asyncio.run(main())
    finally:
        gateway.reachable = True
        understudy.close()


def test_an_ending_that_is_known_is_told_at_once(gateway: FakeGateway) -> None:
    page = listen(gateway, known=Ended(cause=EndCause.IDLE))
    event, data = page.heard[1].decode().strip().split("\n")
    assert event == "event: ended"
    assert json.loads(data.removeprefix("data: "))["cause"] == "idle"
    assert page.complete


def test_an_ending_that_comes_is_told_when_it_comes(gateway: FakeGateway) -> None:
    async def during(page: Page, session: Any) -> None:
        assert page.heard == [b"retry: 1000\n\n"]
        await asyncio.to_thread(gateway.wait_for_followers)
        await asyncio.to_thread(gateway.revoke, session.id)

    page = listen(gateway, during)
    assert b"event: ended" in page.heard[1]


def test_a_page_that_goes_away_is_told_nothing(gateway: FakeGateway) -> None:
    async def during(page: Page, session: Any) -> None:
        page.gone.set()

    assert listen(gateway, during).heard == [b"retry: 1000\n\n", b""]


def test_a_quiet_stream_says_that_it_is_there_and_ends_in_time(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(banner_events, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(banner_events, "LONGEST_SECONDS", 0.03)
    page = listen(gateway)
    assert page.heard == [b"retry: 1000\n\n", *[b": still on\n\n"] * 3, b""]
    assert page.complete


def test_when_nobody_can_tell_the_stream_ends_without_a_word(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "FRESH_SECONDS", 0.05)
    gateway.streaming = False

    async def during(page: Page, session: Any) -> None:
        gateway.reachable = False

    page = listen(gateway, during)
    assert not any(b"ended" in part for part in page.heard)


def test_the_stream_is_no_page_and_is_kept_nowhere(gateway: FakeGateway) -> None:
    headers = dict(listen(gateway, known=Ended(cause=None)).start["headers"])
    assert headers[b"content-type"] == b"text/event-stream"
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"x-accel-expires"] == b"0"
    assert headers[b"x-accel-buffering"] == b"no"


def test_a_stream_ends_without_a_word_when_the_server_stops(gateway: FakeGateway) -> None:
    async def during(page: Page, session: Any) -> None:
        await asyncio.to_thread(stopping.wake)

    page = listen(gateway, during)
    assert page.heard == [b"retry: 1000\n\n", b""]
    assert page.complete
    stopping.wake()  # nobody is left to be woken
