"""Visits to the SDK's own addresses, as they arrive over WSGI."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from understudy.contrib.wsgi.answering import send_answer
from understudy.contrib.wsgi.types import Environ, StartResponse
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.reading import read_visit, route_path
from understudy.sdk.routes import Routes
from understudy.sdk.scope import Scope


class Visits:
    """Answers by ``routes``; ``read_body`` gives the beginning of a request's body."""

    def __init__(self, routes: Routes, read_body: Callable[[Environ, int], bytes]) -> None:
        self._routes = routes
        self._read_body = read_body

    def serve(
        self, scope: Scope, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer one visit."""
        visit, path = replace(read_visit(scope), request=environ), route_path(scope)
        # What was in the address is for us alone, and servers write their access logs by this.
        environ["QUERY_STRING"] = ""
        for name in ("RAW_URI", "REQUEST_URI"):
            if environ.get(name):
                environ[name] = environ[name].partition("?")[0]
        steps = self._routes.serving(visit, path)
        answer = carried_out(steps, read_body=lambda most: self._read_body(environ, most))
        return send_answer(answer, environ, start_response)
