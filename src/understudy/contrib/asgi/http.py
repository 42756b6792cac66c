"""One impersonated HTTP request: recorded, served as the subject, and its response seen to."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from understudy.contrib.asgi.action_log import ActionLog, route_of
from understudy.contrib.asgi.identity import IdentityNotApplied, OverlaidScope
from understudy.contrib.asgi.overlay import Overlay, overlaid
from understudy.contrib.asgi.reading import header_texts, send_answer
from understudy.contrib.asgi.response import ImpersonatedResponse
from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.contrib.asgi.watch import Cutter
from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.sdk.banner import render_banner
from understudy.sdk.cache import Ended
from understudy.sdk.context import FORBIDDEN, Impersonation, Present, entered
from understudy.sdk.guard import Refuse
from understudy.sdk.refusals import refusal_answer
from understudy.sdk.visit import wants_page


class ImpersonatedRequest:
    """Everything that happens to one request whose session the guard lets pass."""

    def __init__(
        self, overlay: Overlay, app: App, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._overlay = overlay
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = header_texts(scope)
        kept = not overlay.unrecorded.covers(overlay.asked.methods, scope["path"])
        method: str = scope["method"]
        self._log = ActionLog(overlay.runtime, overlay.held, scope, method=method, kept=kept)
        self._cutter = Cutter(overlay.runtime, overlay.token, overlay.held)

    async def serve(self) -> None:
        """Serve the request, or refuse it before the app sees it."""
        try:
            user = await self._overlay.identity.user_of(self._overlay.held.session.subject)
        except IdentityNotApplied:
            refuse = self._overlay.not_applied()
            self._log.blocked(refuse.status, refuse.code)
            await self._refuse(refuse)
            return
        if not SAFE_METHODS.issuperset(self._overlay.asked.methods):
            refusal = await self._log.intend()
            if refusal is not None:
                await self._refuse(refusal)
                return
        await self._serve_as(user)

    async def _serve_as(self, user: object) -> None:
        present = Present(Impersonation.of(self._overlay.held.session, user))
        scope = overlaid(self._scope, present.impersonation, self._overlay.identity)
        response = self._response(scope, present)
        try:
            with entered(present):
                await self._app(scope, self._receive, response)
        except asyncio.CancelledError:
            if not self._cutter.has_cut():
                raise
        except Exception:
            if response.refusal is None and not _hides_refusal(response, present):
                self._log.completed(response.status or HTTPStatus.INTERNAL_SERVER_ERROR)
                raise
        finally:
            self._cutter.stop()
        refusal = response.refusal
        if refusal is None and _hides_refusal(response, present):
            refusal = self._forbidden()
        if refusal is not None:
            self._log.blocked(refusal.status, refusal.code)
            await self._refuse(refusal)
        self._log.completed(response.status, route_of(scope))

    def _response(self, scope: OverlaidScope, present: Present) -> ImpersonatedResponse:
        response = ImpersonatedResponse(
            self._send,
            refusal=lambda: self._refusal(scope, present),
            render=self._render if wants_page(self._headers) else None,
            streams=self._cutter.start,
            completed=lambda: self._log.completed(response.status, route_of(scope)),
        )
        return response

    def _refusal(self, scope: OverlaidScope, present: Present) -> Refuse | None:
        """Why the app's answer must not go out, now that it has one."""
        overlay = self._overlay
        if present.forbidden:
            return self._forbidden()
        if overlay.identity.contradicts(scope, overlay.held.session.subject):
            return overlay.not_applied()
        known = overlay.runtime.cache.peek(overlay.held.key)
        if isinstance(known, Ended) and SAFE_METHODS.issuperset(overlay.asked.methods):
            # Ended while the view ran. What it read is not shown any more; what it changed is
            # changed, and whoever sent it shall hear how that went.
            return Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=known)
        return None

    def _forbidden(self) -> Refuse:
        return Refuse(HTTPStatus.FORBIDDEN, FORBIDDEN, held=self._overlay.held)

    async def _refuse(self, refuse: Refuse) -> None:
        method: str = self._scope["method"]
        answer = refusal_answer(
            refuse,
            self._overlay.routes,
            method=method,
            headers=self._headers,
            base=self._scope.get("root_path") or "",
            now=self._overlay.runtime.monotonic(),
        )
        await send_answer(self._send, answer, head=method == "HEAD")

    def _render(self, nonce: str | None) -> bytes:
        held = self._overlay.held
        links = self._overlay.routes.links(self._scope.get("root_path") or "")
        now = held.server_time(self._overlay.runtime.monotonic())
        return render_banner(held.session, links, server_now=now, nonce=nonce)


def _hides_refusal(response: ImpersonatedResponse, present: Present) -> bool:
    """True when the view was forbidden and nothing was answered, whatever error came of it."""
    return present.forbidden and response.status is None
