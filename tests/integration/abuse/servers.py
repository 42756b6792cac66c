"""Real servers on loopback, in threads; and waiting for what they tell each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import uvicorn

from understudy import Understudy
from understudy.service.server import listen

SECONDS = 30.0
"""No wait comes near it: a machine that does other things as well is no bug."""


class _AppServer(uvicorn.Server):
    """uvicorn as a customer runs it; says when it is up."""

    def __init__(self, app: Any, announce: Callable[[], None]) -> None:
        super().__init__(
            # No proxy stands before it, so nobody's word is taken for where a request came from.
            uvicorn.Config(
                app,
                log_config=None,
                proxy_headers=False,
                timeout_graceful_shutdown=2,
                ws="websockets-sansio",
            )
        )
        self._announce = announce

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._announce()


@contextmanager
def served(app: Any) -> Iterator[int]:
    """The port under which a customer's app is served."""
    with (
        closing(listen("127.0.0.1", 0)) as listening,
        running(lambda up: _AppServer(app, up), listening),
    ):
        yield listening.getsockname()[1]


@contextmanager
def running(
    make: Callable[[Callable[[], None]], uvicorn.Server], listening: Any
) -> Iterator[Callable[[], None]]:
    """A server in a thread of its own, until the end or until what is yielded is called."""
    up = threading.Event()
    server = make(up.set)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), name="uvicorn")

    def stop() -> None:
        server.should_exit = True
        thread.join(SECONDS)
        assert not thread.is_alive()

    thread.start()
    try:
        assert up.wait(SECONDS), "the server did not start"
        yield stop
    finally:
        stop()


def listening(understudy: Understudy) -> None:
    """Return once an app's process hears the news, and so serves from its cache without asking."""
    pulse = understudy.runtime().pulse
    eventually(lambda: pulse.fresh_until > time.monotonic())


def eventually(holds: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Ask again and again until ``holds``: what is pushed takes a moment to arrive."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
