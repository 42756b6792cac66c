"""The middleware: lets everything pass that carries no overlay, and guards the rest."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Unpack

from understudy.contrib.asgi.answering import answer_with
from understudy.contrib.asgi.http import serve_request
from understudy.contrib.asgi.identity import LoadAuth, LoadUser, Users
from understudy.contrib.asgi.kept_body import KeptBody
from understudy.contrib.asgi.lifespan import Lifespan
from understudy.contrib.asgi.overlaid import overlaid
from understudy.contrib.asgi.own_page import OwnPageResponse, own_scope
from understudy.contrib.asgi.reading_views import ask_views
from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.contrib.asgi.visits import Visits
from understudy.contrib.asgi.waiting import read_body
from understudy.contrib.asgi.websocket import ImpersonatedSocket
from understudy.sdk.asked_by import PINNED
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.context import (
    OwnRequest,
    as_nobody,
    enter_request,
    leave_request,
    left_by_others,
    present_request,
)
from understudy.sdk.epoch import is_known
from understudy.sdk.guard import Pass
from understudy.sdk.headers import without_spoofed
from understudy.sdk.installed import Installed, Options
from understudy.sdk.own_page import OwnVisit
from understudy.sdk.passage.identity import Identity, UserId
from understudy.sdk.passage.waiting import carried_out
from understudy.sdk.reading import (
    header_texts,
    may_be_ours,
    read_request,
    route_path,
)
from understudy.sdk.understudy import Understudy
from understudy.sdk.visit import Answer


class UnderstudyMiddleware:
    """Serves requests that carry an impersonation session as the session's subject.

    The app's own sign-in stays as it is. What is laid over it: ``load_user(subject)``, plain or
    async, gives the app's user for the subject; the user is found in ``request.user``, in
    ``request.state.understudy_user`` and in ``current_impersonation().user``. Its id, by
    ``user_id(user)`` or else its ``id``, must be the subject's, or the session ends.
    ``load_auth(user)`` gives what stands in ``request.auth``. Without ``load_user`` the app itself
    must ask ``current_impersonation()`` whom to serve.

    A framework that routes before its middleware, as Litestar does, is wrapped whole.

    ``options`` are those of ``understudy.sdk.installed.Options``, all of them by name.
    """

    def __init__(
        self,
        app: App,
        *,
        understudy: Understudy,
        load_user: LoadUser | None = None,
        user_id: UserId | None = None,
        load_auth: LoadAuth | None = None,
        **options: Unpack[Options],
    ) -> None:
        identity = Identity(user_id, loads=load_user is not None)
        installed = Installed(understudy, identity, options, streams=True)
        self.app = app
        self.reads = tuple(options.get("reads", ()))
        self._understudy = understudy
        self._installed = installed
        # Beside it, as each request of the app asks for them.
        self._routes = installed.routes
        self._prefix = installed.routes.prefix
        self._below = installed.below
        self._users = Users(load_user, load_auth)
        self._visits = Visits(understudy, installed.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as nobody but whom it names itself."""
        # Servers read a connection's next request in whatever context the last one left behind.
        pinned = scope.get(PINNED)
        if present_request() is not None and left_by_others(pinned):
            with as_nobody():
                await self(scope, receive, send)
            return
        if scope["type"] not in ("http", "websocket"):
            await self._other(scope, receive, send)
            return
        # Before the overlay is looked at: ending a session must work also when the session does
        # not.
        if self._prefix in scope["path"] and self._routes.owns(route_path(scope)):
            await self._visits.serve(scope, receive, send)
        # What every request of the app pays for: one look for our name where it could be ours.
        elif not may_be_ours(scope["headers"], self._below, scope.get("query_string")):
            # Marked as a user's own, but not while no session was ever served in this process, as
            # that costs half a microsecond; and not within a session that an adapter around us has
            # laid over.
            if pinned is None and (AT_WORK.ever or scope["type"] == "websocket"):
                # What ``with`` does, for three fifths of what it takes.
                own = OwnRequest()
                token = enter_request(own)
                try:
                    await self.app(scope, receive, send)
                finally:
                    own.over = True
                    leave_request(token)
            else:
                await self.app(scope, receive, send)
        else:
            await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Our name stands in some header, but perhaps no session is asked for: somebody may only be
        # pretending.
        asked = self._installed.reader.asked(scope)
        ask_views(self.app, scope, asked)
        opening = self._installed.passages.opening(read_request(scope, asked))
        kept = KeptBody(receive)
        outcome = await carried_out(
            opening,
            lambda step: self._users.load(step.subject),
            lambda most: read_body(kept, most),
            kept.keep,
        )
        if isinstance(outcome, Pass):
            await self._pass(scope, asked.cookie, receive, send)
        elif isinstance(outcome, Answer):
            await answer_with(outcome, scope, send)
        else:
            inner = overlaid(scope, outcome, self._users)
            if asked.socket:
                await ImpersonatedSocket(outcome, self.app, inner, receive, send).serve()
            else:
                await serve_request(outcome, self.app, inner, kept, send)

    async def _pass(self, scope: Scope, cookie: bytes, receive: Receive, send: Send) -> None:
        """Nothing of ours, except that it may pretend to be; and pages while the epoch lasts."""
        inner: Scope = {**scope, "headers": without_spoofed(scope["headers"])}
        method = scope.get("method", "WEBSOCKET")
        own_pages = self._installed.own_pages
        if is_known(cookie) and own_pages.expected(method, header_texts(scope)):
            visit = OwnVisit(method, scope.get("root_path") or "", cookie)
            inner, send = own_scope(inner), OwnPageResponse(send, own_pages, visit)
        with OwnRequest() if scope.get(PINNED) is None else nullcontext():
            await self.app(inner, receive, send)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lifespan; whatever else there may be is the app's own."""
        if scope["type"] == "lifespan":
            await Lifespan(self.app, self._understudy).serve(scope, receive, send)
        else:
            await self.app(scope, receive, send)
