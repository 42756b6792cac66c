"""Visits to the SDK's own addresses, as they arrive over ASGI."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from understudy.contrib.asgi.answering import answer_with
from understudy.contrib.asgi.banner_events import stream_events
from understudy.contrib.asgi.types import Receive, Scope, Send
from understudy.contrib.asgi.waiting import ask, read_body
from understudy.core.impersonation.tokens import token_hash
from understudy.errors import UnderstudyError
from understudy.sdk.browser_sessions import token_of
from understudy.sdk.cache import Ended, Held
from understudy.sdk.passage.waiting import carried_out
from understudy.sdk.place import NOWHERE
from understudy.sdk.reading import read_visit, route_path
from understudy.sdk.routes import Routes
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.visit import Visit, problem
from understudy.sdk.wording import refusal_text


class Visits:
    """Answers by ``routes``, and streams the banner's events."""

    def __init__(self, understudy: Understudy, routes: Routes) -> None:
        self._understudy = understudy
        self._routes = routes

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one visit."""
        if scope["type"] == "websocket":
            detail = refusal_text("not_found")
            nothing = problem(HTTPStatus.NOT_FOUND, "not_found", detail)
            await answer_with(nothing, scope, send)
            return
        path, visit = route_path(scope), replace(read_visit(scope), request=scope)
        # What was in the address is for us alone. Servers, and middleware around us, write their
        # access logs by this very scope, once the answer goes out.
        scope["query_string"] = b""
        if self._are_events(visit, path):
            # Beside the others, as it goes on for as long as the page stands open.
            await self._events(visit, scope, receive, send)
        else:
            steps = self._routes.serving(visit, path)
            answer = await carried_out(steps, read_body=lambda most: read_body(receive, most))
            await answer_with(answer, scope, send)

    def _are_events(self, visit: Visit, path: str) -> bool:
        routes = self._routes
        is_asked = path == f"{routes.prefix}/events" and visit.method == "GET"
        return is_asked and routes.place_of(visit) is not NOWHERE

    async def _events(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            token = token_of(visit)
            found = await self._found(token)
        except UnderstudyError as error:
            await answer_with(problem(error.status, error.code, error.detail), scope, send)
            return
        runtime = self._understudy.runtime()
        await stream_events(runtime, token or Secret(""), found, receive=receive, send=send)

    async def _found(self, token: Secret | None) -> Held | Ended:
        if token is None:
            return Ended(cause=None)
        runtime, key = self._understudy.runtime(), token_hash(token.reveal())
        return runtime.cache.find(key) or await ask(runtime, token, key)
