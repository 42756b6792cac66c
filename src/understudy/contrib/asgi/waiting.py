"""Waits beside the event loop for what the SDK does on its threads."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from understudy.contrib.asgi.types import Receive
from understudy.sdk.cache import Ended, Held
from understudy.sdk.passage.steps import asking
from understudy.sdk.passage.waiting import carried_out
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret

BODY_SECONDS = 5.0
"""How long the body of a request is read that is not carried out."""


async def read_body(receive: Receive, most: int) -> bytes:
    """The beginning of a request's body, for as long as it does not take too long."""
    body, more = bytearray(), True

    async def read() -> None:
        nonlocal more
        while more and len(body) < most:
            message = await receive()
            body.extend(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)

    with suppress(TimeoutError):
        await asyncio.wait_for(read(), BODY_SECONDS)
    return bytes(body[:most])


async def ask(runtime: Runtime, token: Secret, key: bytes) -> Held | Ended:
    """The session as the service sees it.

    :raises Unavailable: no answer in time.
    """
    return await carried_out(asking(runtime, token, key))
