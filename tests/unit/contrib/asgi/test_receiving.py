"""What the app hears of the browser, before its answer is cut and after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import Mock

import pytest
from starlette.requests import Request

from understudy.contrib.asgi.receiving import ReceiveUntilCut
from understudy.contrib.asgi.watch import Cutter

GONE = {"type": "http.disconnect"}
PART = {"type": "http.request", "body": b"a", "more_body": True}
LAST = {"type": "http.request", "body": b"b", "more_body": False}


class Server:
    """A server's side of one request: ``messages``, and then nothing."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self._messages = list(messages)
        self.cutter = Cutter(Mock(**{"is_over.return_value": False}))
        self.receive = ReceiveUntilCut(self._next, self.cutter)

    async def _next(self) -> Any:
        if self._messages:
            return self._messages.pop(0)
        return await asyncio.Event().wait()


def run(what: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(5):
            await what()

    asyncio.run(limited())


def test_a_request_comes_in_as_it_is() -> None:
    async def talk() -> None:
        server = Server(PART, LAST, GONE)
        assert [await server.receive() for _ in range(3)] == [PART, LAST, GONE]

    run(talk)


def test_whoever_waits_for_the_browser_hears_that_the_answer_is_cut() -> None:
    async def talk() -> None:
        server = Server(LAST)
        await server.receive()
        waiting = asyncio.create_task(server.receive())
        await asyncio.sleep(0)
        server.cutter.cut()
        assert await waiting == GONE
        assert not waiting.cancelling()
        assert await server.receive() == GONE

    run(talk)


def test_whoever_is_cancelled_meanwhile_is_cancelled() -> None:
    async def talk() -> None:
        server = Server(LAST)
        await server.receive()
        for with_cut in (False, True):
            waiting = asyncio.create_task(server.receive())
            await asyncio.sleep(0)
            if with_cut:
                server.cutter.cut()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    run(talk)


def test_starlette_finds_without_waiting_that_the_browser_has_gone() -> None:
    async def talk() -> None:
        server = Server(LAST, GONE)
        await server.receive()
        request = Request({"type": "http"}, server.receive)
        assert await request.is_disconnected()

    run(talk)


def test_starlette_finds_without_waiting_that_the_browser_is_there() -> None:
    async def talk() -> None:
        server = Server(LAST)
        await server.receive()
        request = Request({"type": "http"}, server.receive)
        assert not await request.is_disconnected()
        server.cutter.cut()
        assert await request.is_disconnected()

    run(talk)
