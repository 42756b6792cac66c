"""The app of these tests, as servers run it: a program of its own, which says who has answered.

Unchanged below the middleware: it asks whom it serves, and knows nothing else of Understudy.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.integration.contrib.wsgi.downloads import file
from understudy import Understudy, current_impersonation
from understudy.contrib.wsgi import UnderstudyMiddleware

PAUSE = 0.02
Environ = dict[str, Any]
understudy = Understudy.remote(
    os.environ["SERVICE"], os.environ["APP_ID"], os.environ["APP_SECRET"]
)


def whom() -> str | None:
    """The subject of the present request, as the app is told."""
    found = current_impersonation()
    return found.subject.id if found else None


def page(_: Environ, start_response: Any) -> list[bytes]:
    """A page, in one piece."""
    body = f"<!doctype html><html><body>Hello {whom()}</body></html>".encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]


def stream(_: Environ, start_response: Any) -> Iterator[bytes]:
    """Says whom it is for, again and again."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    while True:
        yield f"{whom()}\n".encode()
        time.sleep(PAUSE)


def upload(environ: Environ, start_response: Any) -> list[bytes]:
    """Reads all that is sent."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return told(start_response, {"whom": whom(), "size": len(environ["wsgi.input"].read(length))})


def state(_: Environ, start_response: Any) -> list[bytes]:
    """Who follows the service's news in this process, and whether they are heard."""
    whom()
    runtime = understudy.runtime()
    runtime.follow()
    found = [one for one in threading.enumerate() if one.name == "understudy-follower"]
    heard = runtime.pulse.fresh_until > runtime.monotonic()
    return told(start_response, {"followers": len(found), "hears": heard, "whom": whom()})


def told(start_response: Any, facts: dict[str, object]) -> list[bytes]:
    """``facts`` as JSON."""
    body = json.dumps(facts).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


VIEWS: dict[str, Callable[[Environ, Any], Iterable[bytes]]] = {
    "/page": page,
    "/stream": stream,
    "/upload": upload,
    "/file": file,
    "/state": state,
}


def bare(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """The app itself."""
    return VIEWS[environ["PATH_INFO"]](environ, start_response)


guarded = UnderstudyMiddleware(bare, understudy=understudy)


def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """What stands around our middleware: it says which process has answered."""

    def with_pid(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, ("X-Process", str(os.getpid()))], *error)

    return guarded(environ, with_pid)
