"""Tells the banner of the end of its session while it happens: server-sent events."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from understudy.contrib.asgi.types import Receive, Send
from understudy.contrib.asgi.watch import until_over
from understudy.sdk import stopping
from understudy.sdk.cache import Ended, Held
from understudy.sdk.headers import UNCACHED
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.staying import ending_facts

HEARTBEAT_SECONDS = 12.5
LONGEST_SECONDS = 25.0
"""Then the browser connects again: a server that shuts down waits for open streams, and where it is
told to is not always heard. Shorter than what orchestrators give a process by default.
"""
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    *UNCACHED,
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def stream_events(
    runtime: Runtime, token: Secret, found: Held | Ended, *, receive: Receive, send: Send
) -> None:
    """Send ``ended`` as soon as the session is over, and a comment now and then."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await _send(send, b"retry: 1000\n\n")
    ended = found if isinstance(found, Ended) else await _wait(runtime, token, found, receive, send)
    if ended is not None:
        data = json.dumps(ending_facts(ended)).encode()
        await _send(send, b"event: ended\ndata: " + data + b"\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _wait(
    runtime: Runtime, token: Secret, held: Held, receive: Receive, send: Send
) -> Ended | None:
    over = asyncio.create_task(until_over(runtime, token, held))
    gone = asyncio.create_task(_disconnected(receive))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    stopped = asyncio.create_task(stop.wait())
    waited_for: set[asyncio.Task[Any]] = {over, gone, stopped}
    try:
        with stopping.woken(lambda: _set(stop, loop)):
            for _ in range(int(LONGEST_SECONDS / HEARTBEAT_SECONDS)):
                done, _pending = await asyncio.wait(
                    waited_for, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if done:
                    return over.result() if over in done else None
                await _send(send, b": still on\n\n")
        return None
    finally:
        for task in waited_for:
            task.cancel()


def _set(event: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
    with suppress(RuntimeError):  # the loop is gone, and with it the stream
        loop.call_soon_threadsafe(event.set)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})
