"""The dashboard under a path of a WSGI app (PEP 3333).

::

understudy = Understudy.embedded("Shop", url="https://shop.example/understudy", ...)
app = UnderstudyMiddleware(app, understudy=understudy, load_user=get_user)
app = DashboardMiddleware(app, understudy=understudy)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from urllib.parse import quote

from understudy.contrib.wsgi.answering import status_line
from understudy.contrib.wsgi.types import App, Environ, StartResponse
from understudy.embedded.mount.dashboard import Asked, Dashboard
from understudy.embedded.mount.overlaid import is_overlaid
from understudy.embedded.mount.reading import body_of
from understudy.embedded.mount.served import Served
from understudy.embedded.mount.streams import most_held
from understudy.sdk.environ import scope_of, text_headers
from understudy.sdk.understudy import Understudy

Asking = Callable[[Environ], AbstractContextManager[object]]


class DashboardMiddleware:
    """``app``, and at the path of ``understudy``'s ``url`` its dashboard.

    It stands around the guard, which so marks no page of the dashboard as the app's. What a browser
    asks for that works as somebody else goes on to the guard, which refuses it. Your ``staff`` is
    given the environ, or what ``asking`` makes of it.

    :raises SetupError: ``understudy`` is a link to a service, or its callables are async.
    """

    def __init__(self, app: App, *, understudy: Understudy, asking: Asking = nullcontext) -> None:
        self._app = app
        self._asking = asking
        self._dashboard = Dashboard(understudy)
        self._path = self._dashboard.path

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        # What every request of the app pays for.
        if self._path not in (environ.get("SCRIPT_NAME") or "") + (environ.get("PATH_INFO") or ""):
            return self._app(environ, start_response)
        scope = scope_of(environ)
        rest = scope["path"].removeprefix(self._path)
        if not scope["path"].startswith(self._path) or rest[:1] not in ("", "/"):
            return self._app(environ, start_response)
        if is_overlaid(scope):
            return self._app(environ, start_response)
        if not rest:
            return _with_slash(self._path, environ, start_response)
        asked = Asked(
            scope=scope,
            rest=rest,
            read=body_of(environ, environ["wsgi.input"]),
            asking=lambda: self._asking(environ),
            streams=most_held(has_threads=bool(environ.get("wsgi.multithread"))),
        )
        return _answer(self._dashboard.serve(asked), start_response)


def _answer(answer: Served, start_response: StartResponse) -> Iterable[bytes]:
    start_response(status_line(answer.status), text_headers(answer.headers))
    return [answer.content] if answer.rest is None else answer.rest


def _with_slash(path: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    query = environ.get("QUERY_STRING")
    target = quote(path) + "/" + (f"?{query}" if query else "")
    headers = [("Location", target), ("Content-Length", "0"), ("Cache-Control", "no-store")]
    start_response(status_line(HTTPStatus.PERMANENT_REDIRECT), headers)
    return [b""]
