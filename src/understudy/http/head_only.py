"""HEAD: the headers of the answer, without its body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

from starlette.types import Message, Send


def head_only(send: Send) -> Send:
    """``send`` for the answer to a HEAD request: it ends right after the headers."""
    done = False

    async def send_head(message: Message) -> None:
        nonlocal done
        if message["type"] == "http.response.start":
            await send(message)
        elif not done:
            done = True
            await send({"type": "http.response.body", "body": b""})

    return send_head
