"""One impersonated WebSocket, which is closed when its session is over."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from understudy.contrib.asgi.answering import refuse_socket
from understudy.contrib.asgi.overlaid import route_of
from understudy.contrib.asgi.socket_messages import brings_back, shown_message
from understudy.contrib.asgi.types import App, Message, Receive, Scope, Send
from understudy.contrib.asgi.watch import until_over
from understudy.sdk.context import entered
from understudy.sdk.passage.passage import Passage
from understudy.sdk.visit import Answer
from understudy.sdk.wording import cause_text

SESSION_OVER = 4401
"""Close code in the private range (RFC 6455, section 7.4.2), after HTTP's 401."""
TRY_AGAIN_LATER = 1013
POLICY_VIOLATION = 1008
GRACE_SECONDS = 1.0
"""How long the app may take to tidy up behind a closed connection."""
_ACCEPTED = HTTPStatus.SWITCHING_PROTOCOLS


class ImpersonatedSocket:
    """Everything that happens to one connection that may be opened; ``scope`` is the app's own."""

    def __init__(
        self, passage: Passage, app: App, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._passage = passage
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self._over = asyncio.Event()
        self._code = SESSION_OVER
        self._accepted = False

    async def serve(self) -> None:
        """Call the app, and close the connection when the session is over."""
        passage = self._passage
        app = asyncio.create_task(self._call_app())
        watch = asyncio.create_task(self._watch())
        refusal: Answer | None = None
        try:
            await asyncio.wait({app, watch}, return_when=asyncio.FIRST_COMPLETED)
            if not app.done():
                await asyncio.wait({app}, timeout=GRACE_SECONDS)
        finally:
            watch.cancel()
            app.cancel()
            if passage.present.forbidden:
                refusal = passage.forbidden()
            status = _ACCEPTED if self._accepted else HTTPStatus.FORBIDDEN
            route = route_of(self._scope)
            passage.log.completed(status, route, passage.unasked(status, route))
        await asyncio.wait({app})
        failed = not app.cancelled() and app.exception() is not None
        if refusal is not None:
            await self._refuse(refusal)
        elif failed:
            app.result()

    async def _refuse(self, refusal: Answer) -> None:
        """Answer in place of the app, which has come upon what only users may do."""
        if self._accepted:
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await refuse_socket(self._scope, self._send, refusal)

    async def _call_app(self) -> None:
        with entered(self._passage.present):
            await self._app(self._scope, self._receive_until_over, self._send_until_over)

    async def _watch(self) -> None:
        passage = self._passage
        ended = await until_over(passage.runtime, passage.token, passage.held)
        self._code = SESSION_OVER if ended else TRY_AGAIN_LATER
        reason = cause_text(ended.cause) if ended else "Understudy cannot be reached."
        self._over.set()
        closing: Message = {"type": "websocket.close", "code": self._code, "reason": reason}
        # A peer that does not answer must not hold up the end of the connection.
        await asyncio.wait({asyncio.ensure_future(self._send(closing))}, timeout=GRACE_SECONDS)

    async def _receive_until_over(self) -> Message:
        message = asyncio.ensure_future(self._receive())
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({message, over}, return_when=asyncio.FIRST_COMPLETED)
            if not over.done():
                received = message.result()
                if not brings_back(self._passage, received):
                    return received
                await self._close("This would store what stands in place of a hidden value.")
            return {"type": "websocket.disconnect", "code": self._code, "reason": ""}
        finally:
            over.cancel()
            message.cancel()

    async def _send_until_over(self, message: Message) -> None:
        if self._over.is_set():
            return
        self._accepted = self._accepted or message["type"] == "websocket.accept"
        shown = shown_message(self._passage, message)
        if shown is None:
            await self._close("This cannot be looked through for what is hidden.")
        else:
            await self._send(shown)

    async def _close(self, reason: str) -> None:
        """End the connection, for the browser and for the app."""
        self._code = POLICY_VIOLATION
        self._over.set()
        closing: Message = {"type": "websocket.close", "code": self._code, "reason": reason}
        await self._send(closing)
