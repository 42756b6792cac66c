"""The SDK's answers as ASGI messages."""

from __future__ import annotations

from http import HTTPStatus

from understudy.contrib.asgi.types import Scope, Send
from understudy.sdk.visit import Answer

_CLOSED = 4000 + int(HTTPStatus.FORBIDDEN)


async def answer_with(answer: Answer, scope: Scope, send: Send) -> None:
    """Send ``answer`` in place of the app's, whatever was asked."""
    if scope["type"] == "websocket":
        await refuse_socket(scope, send, answer)
    else:
        await send_answer(send, answer, head=scope["method"] == "HEAD")


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send a whole response."""
    await send({"type": "http.response.start", **_start(answer)})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


async def refuse_socket(scope: Scope, send: Send, answer: Answer) -> None:
    """Refuse a WebSocket before it opens: with ``answer``, or with a bare 403 by older servers."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": _CLOSED})
        return
    await send({"type": "websocket.http.response.start", **_start(answer)})
    await send({"type": "websocket.http.response.body", "body": answer.body})


def _start(answer: Answer) -> dict[str, object]:
    headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.all_headers()]
    return {"status": int(answer.status), "headers": headers}
