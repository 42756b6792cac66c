"""The middleware: lets everything pass that carries no overlay, and guards the rest."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from http import HTTPStatus

from understudy.contrib.asgi.banner_events import stream_events
from understudy.contrib.asgi.http import serve_request
from understudy.contrib.asgi.identity import LoadAuth, LoadUser, Users
from understudy.contrib.asgi.lifespan import Lifespan
from understudy.contrib.asgi.overlaid import overlaid
from understudy.contrib.asgi.reading import (
    Reader,
    may_be_ours,
    read_request,
    read_visit,
    refuse_socket,
    route_path,
    send_answer,
)
from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.contrib.asgi.waiting import ask, carried_out, later_answer
from understudy.contrib.asgi.websocket import ImpersonatedSocket
from understudy.core.impersonation.tokens import token_hash
from understudy.errors import UnderstudyError
from understudy.sdk.asked_by import PINNED
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.cache import Ended
from understudy.sdk.context import OwnRequest, as_nobody, left_by_others
from understudy.sdk.cookies import OVERLAY_MARK
from understudy.sdk.guard import Pass
from understudy.sdk.hand_offs import DEFAULT
from understudy.sdk.headers import without_spoofed
from understudy.sdk.later import Later
from understudy.sdk.overrides import UNDERSTOOD, MethodOverrides
from understudy.sdk.passage.identity import Identity, UserId
from understudy.sdk.passage.opening import Passages
from understudy.sdk.routes import PREFIX, AfterEnd, Routes
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.unrecorded import Unrecorded
from understudy.sdk.visit import Answer, problem


class UnderstudyMiddleware:
    """Serves requests that carry an impersonation session as the session's subject.

    The app's own sign-in stays as it is. What is laid over it: ``load_user(subject)``, plain or
    async, gives the app's user for the subject; the user is found in ``request.user``, in
    ``request.state.understudy_user`` and in ``current_impersonation().user``. Its id, by
    ``user_id(user)`` or else its ``id``, must be the subject's, or the session ends.
    ``load_auth(user)`` gives what stands in ``request.auth``. Without ``load_user`` the app itself
    must ask ``current_impersonation()`` whom to serve.

    A framework that routes before its middleware, as Litestar does, is wrapped whole.

    ``home`` is where a session begins when nothing else was asked for, ``after_end`` where its end
    leads, ``prefix`` where our own addresses are. ``hand_offs`` are the ways by which sessions come
    in: ``code``, and ``stytch`` or ``clerk`` for tokens in the callback's address, which is weaker
    (docs/decisions/0013-query-token-hand-offs.md). ``unrecorded`` names path prefixes, such as
    ``/static/``, whose reading says nothing about anybody and stays out of the log.
    ``method_overrides`` are the ways by which a request may name another method than its own.
    """

    def __init__(
        self,
        app: App,
        *,
        understudy: Understudy,
        load_user: LoadUser | None = None,
        user_id: UserId | None = None,
        load_auth: LoadAuth | None = None,
        home: str = "/",
        after_end: AfterEnd = AfterEnd.DASHBOARD,
        prefix: str = PREFIX,
        hand_offs: Iterable[str] = DEFAULT,
        unrecorded: Iterable[str] = (),
        method_overrides: MethodOverrides = UNDERSTOOD,
    ) -> None:
        self.app = app
        self._reader = Reader(method_overrides)
        self._understudy = understudy
        self._users = Users(load_user, load_auth)
        self._routes = Routes(
            understudy, prefix=prefix, home=home, after_end=after_end, hand_offs=hand_offs
        )
        self._prefix = prefix
        identity = Identity(user_id, loads=load_user is not None)
        self._passages = Passages(understudy, self._routes, identity, Unrecorded(unrecorded))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as nobody but whom it names itself."""
        # Servers read a connection's next request in whatever context the last one left behind.
        pinned = scope.get(PINNED)
        if left_by_others(pinned):
            with as_nobody():
                await self(scope, receive, send)
            return
        if scope["type"] not in ("http", "websocket"):
            await self._other(scope, receive, send)
            return
        # Before the overlay is looked at: ending a session must work also when the session does
        # not.
        if self._prefix in scope["path"] and self._routes.owns(route_path(scope)):
            await self._own(scope, receive, send)
        # What every request of the app pays for: one look for our name where it could be ours.
        elif not may_be_ours(scope["headers"]):
            # Marked as a user's own, but not while no session was ever served in this process, as
            # that costs half a microsecond; and not within a session that an adapter around us has
            # laid over.
            if pinned is None and (AT_WORK.ever or scope["type"] == "websocket"):
                with OwnRequest():
                    await self.app(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        else:
            await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._reader.asked(scope)
        # Our name stands in some header, but no session is asked for: somebody may only be
        # pretending.
        if OVERLAY_MARK not in asked.cookie:
            await self._pass(scope, receive, send)
            return
        opening = self._passages.opening(read_request(scope, asked))
        outcome = await carried_out(opening, self._users.load)
        if isinstance(outcome, Pass):
            await self._pass(scope, receive, send)
        elif isinstance(outcome, Answer):
            await self._answer(outcome, scope, send)
        else:
            inner = overlaid(scope, outcome, self._users)
            if asked.socket:
                await ImpersonatedSocket(outcome, self.app, inner, receive, send).serve()
            else:
                await serve_request(outcome, self.app, inner, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing of ours, except that it may pretend to be."""
        own = OwnRequest() if scope.get(PINNED) is None else nullcontext()
        with own:
            await self.app({**scope, "headers": without_spoofed(scope["headers"])}, receive, send)

    async def _answer(self, answer: Answer, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await refuse_socket(scope, send, answer)
        else:
            await send_answer(send, answer, head=scope["method"] == "HEAD")

    async def _own(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            nothing = problem(HTTPStatus.NOT_FOUND, "not_found", "There is nothing here.")
            await self._answer(nothing, scope, send)
            return
        path = route_path(scope)
        visit = read_visit(scope)
        # What was in the address is for us alone. Servers, and middleware around us, write their
        # access logs by this very scope, once the answer goes out.
        scope["query_string"] = b""
        if path == f"{self._prefix}/events" and visit.method == "GET":
            # Beside the others, as it goes on for as long as the page stands open.
            await self._events(scope, receive, send)
            return
        answer = self._routes.answer(visit, path)
        if isinstance(answer, Later):
            answer = await later_answer(answer)
        await self._answer(answer, scope, send)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        runtime = self._understudy.runtime()
        try:
            token = self._routes.token_of(read_visit(scope))
            if token is None:
                await stream_events(
                    runtime, Secret(""), Ended(cause=None), receive=receive, send=send
                )
                return
            key = token_hash(token.reveal())
            found = runtime.cache.find(key) or await ask(runtime, token, key)
        except UnderstudyError as error:
            await send_answer(send, problem(error.status, error.code, error.detail))
            return
        await stream_events(runtime, token, found, receive=receive, send=send)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lifespan; whatever else there may be is the app's own."""
        if scope["type"] == "lifespan":
            await Lifespan(self.app, self._understudy).serve(scope, receive, send)
        else:
            await self.app(scope, receive, send)
