"""Tells the banner of the end of its session while it happens: server-sent events."""

from __future__ import annotations

import asyncio
import json

from understudy.contrib.asgi.types import Receive, Send
from understudy.contrib.asgi.watch import until_over
from understudy.sdk.cache import Ended, Held
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.staying import ending_facts

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 60.0
"""Then the browser connects again: a server that shuts down waits for open streams."""
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def stream_events(
    runtime: Runtime, token: Secret, found: Held | Ended, *, receive: Receive, send: Send
) -> None:
    """Send ``ended`` as soon as the session is over, and a comment every 15 s until then."""
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
    try:
        for _ in range(int(LONGEST_SECONDS / HEARTBEAT_SECONDS)):
            done, _pending = await asyncio.wait(
                {over, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if over in done:
                return over.result()
            if gone in done:
                return None
            await _send(send, b": still on\n\n")
        return None
    finally:
        over.cancel()
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})
