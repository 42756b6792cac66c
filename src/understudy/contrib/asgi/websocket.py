"""One impersonated WebSocket: judged at the handshake, closed when its session is over."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from understudy.contrib.asgi.action_log import ActionLog, route_of
from understudy.contrib.asgi.identity import IdentityNotApplied
from understudy.contrib.asgi.overlay import Overlay, overlaid
from understudy.contrib.asgi.reading import header_texts, own_origin, refuse_socket
from understudy.contrib.asgi.types import App, Message, Receive, Scope, Send
from understudy.contrib.asgi.watch import until_over
from understudy.sdk.context import FORBIDDEN, Impersonation, Present, entered
from understudy.sdk.guard import Refuse
from understudy.sdk.refusals import refusal_answer
from understudy.sdk.same_site import is_own_host
from understudy.sdk.wording import cause_text

SESSION_OVER = 4401
"""Close code in the private range (RFC 6455, section 7.4.2), after HTTP's 401."""
TRY_AGAIN_LATER = 1013
POLICY_VIOLATION = 1008
GRACE_SECONDS = 1.0
"""How long the app may take to tidy up behind a closed connection."""
_ACCEPTED = HTTPStatus.SWITCHING_PROTOCOLS


class ImpersonatedSocket:
    """Everything that happens to one connection whose session the guard lets pass."""

    def __init__(
        self, overlay: Overlay, app: App, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._overlay = overlay
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self._log = ActionLog(overlay.runtime, overlay.held, scope, method="WEBSOCKET")
        self._over = asyncio.Event()
        self._code = SESSION_OVER
        self._accepted = False

    async def serve(self) -> None:
        """Let the connection open, or refuse it before the app sees it."""
        origin = header_texts(self._scope).get("origin")
        if not is_own_host(origin, own_origin(self._scope)):
            # A page of another site may open sockets with our cookies (ASVS 4.4.2).
            refuse = Refuse(HTTPStatus.FORBIDDEN, "origin_refused", held=self._overlay.held)
            self._log.blocked(refuse.status, refuse.code)
            await self.refuse(refuse)
            return
        try:
            user = await self._overlay.identity.user_of(self._overlay.held.session.subject)
        except IdentityNotApplied:
            refuse = self._overlay.not_applied()
            self._log.blocked(refuse.status, refuse.code)
            await self.refuse(refuse)
            return
        # Whatever is sent later has no method: the whole connection counts as unsafe.
        refusal = await self._log.intend()
        if refusal is not None:
            await self.refuse(refusal)
            return
        await self._run(Present(Impersonation.of(self._overlay.held.session, user)))

    async def refuse(self, refuse: Refuse) -> None:
        """Refuse the handshake."""
        answer = refusal_answer(
            refuse,
            self._overlay.routes,
            method="GET",
            headers={},
            base=self._scope.get("root_path") or "",
            now=self._overlay.runtime.monotonic(),
        )
        await refuse_socket(self._scope, self._send, answer)

    async def _run(self, present: Present) -> None:
        scope = overlaid(self._scope, present.impersonation, self._overlay.identity)
        app = asyncio.create_task(self._call_app(scope, present))
        watch = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({app, watch}, return_when=asyncio.FIRST_COMPLETED)
            if not app.done():
                await asyncio.wait({app}, timeout=GRACE_SECONDS)
        finally:
            watch.cancel()
            app.cancel()
            if present.forbidden:
                self._log.blocked(HTTPStatus.FORBIDDEN, FORBIDDEN)
            status = _ACCEPTED if self._accepted else HTTPStatus.FORBIDDEN
            self._log.completed(status, route_of(scope))
        await asyncio.wait({app})
        failed = not app.cancelled() and app.exception() is not None
        if present.forbidden:
            await self._refuse_late()
        elif failed:
            app.result()

    async def _refuse_late(self) -> None:
        """Answer in place of the app, which has come upon what only users may do."""
        if self._accepted:
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            held = self._overlay.held
            await self.refuse(Refuse(HTTPStatus.FORBIDDEN, FORBIDDEN, held=held))

    async def _call_app(self, scope: Scope, present: Present) -> None:
        with entered(present):
            await self._app(scope, self._receive_until_over, self._send_until_over)

    async def _watch(self) -> None:
        overlay = self._overlay
        ended = await until_over(overlay.runtime, overlay.token, overlay.held)
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
                return message.result()
            return {"type": "websocket.disconnect", "code": self._code, "reason": ""}
        finally:
            over.cancel()
            message.cancel()

    async def _send_until_over(self, message: Message) -> None:
        if self._over.is_set():
            return
        self._accepted = self._accepted or message["type"] == "websocket.accept"
        await self._send(message)
