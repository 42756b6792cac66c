"""A loop on a thread, and on it whatever a test takes for the service."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from understudy.embedded.mount.exchange import Exchange
from understudy.embedded.mount.loop import Loop
from understudy.embedded.mount.reading import Body

App = Callable[[Any, Any, Any], Awaitable[None]]


class Service:
    """``app`` in the place of the service."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.started = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)

    async def start(self) -> None:
        """Once."""
        self.started += 1

    async def stop(self) -> None:
        """Nothing of its own goes on."""


class Asks:
    """Asks ``app`` on a loop of its own."""

    def __init__(self, loops: ExitStack) -> None:
        self._loops = loops

    def loop(self, app: App) -> Loop:
        """A loop that serves ``app``."""
        loop = Loop(Service(app))  # type: ignore[arg-type]
        loop.start()
        self._loops.callback(loop.stop)
        return loop

    def exchange(self, app: App, body: bytes | None = None, length: int | None = None) -> Exchange:
        """A request for ``app``."""
        read = None if body is None else Body(io.BytesIO(body), length)
        return Exchange(self.loop(app), {"type": "http"}, read)


@pytest.fixture
def asks() -> Iterator[Asks]:
    with ExitStack() as loops:
        yield Asks(loops)


async def begin(send: Any, status: int = 200) -> None:
    """The beginning of an answer."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"x", b"1")]})


async def part(send: Any, body: bytes, *, more: bool = False) -> None:
    """A part of its body."""
    await send({"type": "http.response.body", "body": body, "more_body": more})
