"""A WSGI app with its own Understudy in it, as servers run it; it says which process has answered.

The service is imported here, before the fork, so that not each process of a test does so again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import understudy.service.app  # noqa: F401
from tests.integration.embedded.mount.people import made
from understudy import current_impersonation
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.embedded.mount.wsgi import DashboardMiddleware

Environ = dict[str, Any]
link = made()


def bare(_: Environ, start_response: Any) -> list[bytes]:
    """The app: says whom it serves."""
    found = current_impersonation()
    body = f"<!doctype html><body>Hello {found.subject.id if found else None}</body>".encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]


guarded = UnderstudyMiddleware(bare, understudy=link)
mounted = DashboardMiddleware(guarded, understudy=link)


def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """What stands around it all."""

    def with_pid(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, ("X-Process", str(os.getpid()))], *error)

    return mounted(environ, with_pid)
