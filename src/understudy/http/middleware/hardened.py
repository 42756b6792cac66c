"""Adds the security headers to every answer; what an answer says itself stands."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.http.content_security import FIXED, HSTS, NOTHING_ALLOWED

_POLICY = (b"content-security-policy", NOTHING_ALLOWED.encode())
_NO_STORE = (b"cache-control", b"no-store")


class Hardened:
    """``https`` says that browsers come over TLS, and may be told to come no other way."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._fixed = (*FIXED, HSTS) if https else FIXED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                said = {name for name, _ in headers}
                headers += [header for header in self._fixed if header[0] not in said]
                headers += [header for header in (_POLICY, _NO_STORE) if header[0] not in said]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_hardened)
