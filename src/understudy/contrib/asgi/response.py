"""The response of an impersonated request: kept from caches, with its banner, cut when all ends."""

from __future__ import annotations

from collections.abc import Callable

from understudy.contrib.asgi.types import Message, Send
from understudy.sdk.guard import Refuse
from understudy.sdk.headers import (
    RawHeaders,
    for_the_browser,
    lengthened,
    nonce_of,
    takes_banner,
)
from understudy.sdk.insertion import Insertion


class ImpersonatedResponse:
    """Stands between the app and the server for one response.

    ``refusal`` is asked once, when the app begins to answer, whether it may. ``render`` makes the
    banner for a nonce, or is None where no page is asked for. The first part
    of a page is held back until its banner has found its place; everything else goes straight on.
    ``streams`` is called once when the body turns out to come in parts, ``completed`` once when the
    last of it was sent.
    """

    def __init__(
        self,
        send: Send,
        *,
        render: Callable[[str | None], bytes] | None,
        refusal: Callable[[], Refuse | None],
        streams: Callable[[], None],
        completed: Callable[[], None],
    ) -> None:
        self._send = send
        self._render = render
        self._find_refusal = refusal
        self._streams = streams
        self._completed = completed
        self._held_start: Message | None = None
        self._insertion: Insertion | None = None
        self.status: int | None = None
        self.refusal: Refuse | None = None
        self._streaming = False

    async def __call__(self, message: Message) -> None:
        """Take one message of the app."""
        if self.refusal is not None:
            return
        kind = message["type"]
        if kind == "http.response.start":
            await self._start(message)
        elif kind == "http.response.body":
            await self._body(message)
        else:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        self.refusal = self._find_refusal()
        if self.refusal is not None:
            # Whatever the app answers is not sent; our own answer follows.
            return
        self.status = message["status"]
        headers = for_the_browser(message.get("headers") or [])
        started = {**message, "headers": headers}
        if self._render is not None and takes_banner(message["status"], headers):
            self._insertion = Insertion(self._render(nonce_of(headers)))
            self._held_start = started
        else:
            await self._send(started)

    async def _body(self, message: Message) -> None:
        more = message.get("more_body", False)
        if more and not self._streaming:
            self._streaming = True
            self._streams()
        if self._insertion is None:
            await self._send(message)
        else:
            await self._page(self._insertion, message, more=more)
        if not more:
            self._completed()

    async def _page(self, insertion: Insertion, message: Message, *, more: bool) -> None:
        chunk = message.get("body", b"")
        if self._held_start is not None:
            if not chunk and more:
                return
            await self._release(self._held_start, grows=insertion.length if chunk else 0)
            if not chunk:
                await self._send(message)
                return
        body = insertion.feed(chunk)
        if not more:
            body += insertion.finish()
        if body or not more:
            await self._send({**message, "body": body})

    async def _release(self, start: Message, *, grows: int) -> None:
        self._held_start = None
        headers: RawHeaders = start["headers"]
        await self._send({**start, "headers": lengthened(headers, grows) if grows else headers})
