"""A page of the agent's own on its way to the browser, where it gets its mark."""

from __future__ import annotations

from understudy.contrib.asgi.types import Message, Scope, Send
from understudy.sdk.growing_page import GrowingPage
from understudy.sdk.own_page import OwnPages, OwnVisit, for_the_app

PAST_US = ("http.response.pathsend", "http.response.zerocopysend")
"""With these a server sends files by itself, past whatever is put into a page."""


def own_scope(scope: Scope) -> Scope:
    """The scope of a request whose answer can be marked."""
    extensions = {n: v for n, v in (scope.get("extensions") or {}).items() if n not in PAST_US}
    return {**scope, "headers": for_the_app(scope["headers"]), "extensions": extensions}


class OwnPageResponse:
    """Stands between the app and the server for one response, and changes nothing but pages."""

    def __init__(self, send: Send, pages: OwnPages, asked: OwnVisit) -> None:
        self._send = send
        self._pages = pages
        self._asked = asked
        self._page: GrowingPage | None = None
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Take one message of the app."""
        kind = message["type"]
        if kind == "http.response.start":
            headers = list(message.get("headers") or [])
            self._page = self._pages.page(message["status"], headers, self._asked)
            if self._page is not None:
                self._start = message
                return
        elif kind == "http.response.body" and self._page is not None:
            await self._body(self._page, message)
            return
        await self._send(message)

    async def _body(self, page: GrowingPage, message: Message) -> None:
        body = page.part(message.get("body", b""), more=message.get("more_body", False))
        if page.waits:
            return
        if self._start is not None:
            start, self._start = self._start, None
            await self._send({**start, "headers": page.headers})
        await self._send({**message, "body": body})
