"""An app that streams one page, for two sessions: one with rules for what is hidden, one without.

Which browser belongs to which is told at ``/cookies``, before the guard.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from benchmarks.app import AGENT_COOKIE, load_user
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction, RedactionRule, RuleKind
from understudy.sdk.epoch import EPOCH, SHOWN
from understudy.testing import FakeGateway

HIDING = Redaction(
    secrets=True,
    rules=(
        RedactionRule(kind=RuleKind.FIELD, match="iban"),
        RedactionRule(kind=RuleKind.FIELD, match="phone"),
        *(
            RedactionRule(kind=RuleKind.DETECTOR, match=look)
            for look in ("email", "phone", "iban", "card")
        ),
    ),
)
_PART, _PARTS = 4096, 25
_HEAD = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Orders</title>'
    b'<link rel="stylesheet" href="/app.3f2a9b8c.css"><script src="/app.7d6e5f4a.js" defer>'
    b'</script></head><body><nav class="top"><a href="/">Home</a><a href="/orders">Orders</a></nav>'
    b'<main><table class="orders">'
)
_ROW = (
    b'<tr class="order" data-id="%d"><td><a href="/orders/%d">Order %d</a></td>'
    b"<td>user%d@example.test</td><td>2 of blue, to be sent on Monday</td></tr>\n"
)
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/html; charset=utf-8")],
}


def _parts() -> Iterator[bytes]:
    number, held = 0, _HEAD
    for _ in range(_PARTS):
        while len(held) < _PART:
            number += 1
            held += _ROW % ((number,) * 4)
        yield held[:_PART]
        held = held[_PART:]
    yield held + b"</table></main></body></html>"


PARTS = tuple(_parts())
"""A page of 100 KB, of which each part is cut off wherever it is full."""


async def streamed_page(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """The page, part by part; between two of them others have their turn."""
    del receive
    if scope["type"] != "http":
        return
    await send(_START)
    for part in PARTS:
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def guarded_streams() -> Any:  # noqa: ANN401 - ASGI
    """The app behind the middleware, and the cookies of its two sessions."""
    gateway = FakeGateway()
    guarded = UnderstudyMiddleware(
        streamed_page, understudy=gateway.understudy(), load_user=load_user
    )
    told = {"off": _cookies(gateway, NOTHING_HIDDEN), "on": _cookies(gateway, HIDING)}
    said = json.dumps(told).encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        if scope["type"] == "http" and scope["path"] == "/cookies":
            headers = [(b"content-length", str(len(said)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": said})
        else:
            await guarded(scope, receive, send)

    return app


def _cookies(gateway: FakeGateway, redaction: Redaction) -> str:
    session = gateway.open(redaction=redaction)
    shown = f"{EPOCH}=1; {SHOWN}={session.id}"
    return f"{AGENT_COOKIE.decode()}; {session.headers['Cookie']}; {shown}"
