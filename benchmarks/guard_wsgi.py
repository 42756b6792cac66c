"""What the guard costs each request of an app that speaks WSGI, in process.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.app import AGENT_COOKIE, HEADERS, LONG_PAGE, GuardedApp
from benchmarks.rounds import Round, best, interleaved, microseconds
from benchmarks.row import Row
from benchmarks.scale import Scale
from understudy.contrib.wsgi import UnderstudyMiddleware

NAMES = ("guard-wsgi-no-cookie", "guard-wsgi-page")
NO_COOKIE_BAR = 5.0
PAGE_BAR = 60.0
_LENGTH = str(len(LONG_PAGE))
Environ = dict[str, Any]


def rows(scale: Scale) -> Iterator[Row]:
    """No overlay cookie, in a process in which a session is served; a whole page of a session."""
    with GuardedApp.opened() as guarded:
        found = best(interleaved(scale.short_rounds, _measures(guarded, scale.calls)))
    yield Row(
        name="guard-wsgi-no-cookie",
        what="added to a request of WSGI without overlay cookie",
        unit="µs",
        value=found["passing"] - found["bare"],
        at_most=NO_COOKIE_BAR,
    )
    yield Row(
        name="guard-wsgi-page",
        what="added to a page of 100 KB in a session, over WSGI",
        unit="µs",
        value=found["page"] - found["bare"],
        at_most=PAGE_BAR,
    )


def _measures(guarded: GuardedApp, calls: int) -> dict[str, Round]:
    site = UnderstudyMiddleware(
        _app, understudy=guarded.understudy, load_user=lambda subject: subject
    )
    passing = environ(AGENT_COOKIE)
    asked = environ(dict(guarded.asked["headers"])[b"cookie"])
    return {
        "bare": lambda: microseconds(lambda: serve(_app, passing), calls),
        "passing": lambda: microseconds(lambda: serve(site, passing), calls),
        "page": lambda: microseconds(lambda: serve(site, asked), calls),
    }


def _app(_: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
    """Answers every request with one page of 100 KB."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", _LENGTH)]
    start_response("200 OK", headers)
    return [LONG_PAGE]


def environ(cookie: bytes) -> Environ:
    """A browser's request for a page, with ``cookie``, as gunicorn tells it."""
    headers = {
        f"HTTP_{name.decode().upper().replace('-', '_')}": value.decode()
        for name, value in (*HEADERS, (b"cookie", cookie))
    }
    return {
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _FileWrapper,
        "wsgi.input_terminated": True,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "https",
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "",
        "RAW_URI": "/orders/42",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "gunicorn",
        "REMOTE_ADDR": "192.0.2.7",
        "REMOTE_PORT": "50000",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "PATH_INFO": "/orders/42",
        "SCRIPT_NAME": "",
        **headers,
    }


class _FileWrapper:
    """The server's own way with files."""


def _begin(*_: object) -> Any:  # noqa: ANN401 - WSGI
    """A server that begins its answer."""


def serve(app: Any, asked: Environ) -> None:  # noqa: ANN401 - WSGI
    """One request, answered to its end."""
    parts = app(asked, _begin)
    for part in parts:
        del part
    close = getattr(parts, "close", None)
    if close is not None:
        close()
