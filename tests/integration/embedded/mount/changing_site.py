"""An app whose people and clock stand in a file that all of its processes read, on WSGI and ASGI.

The service is imported here, before the fork, so that not each process of a test does so again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

import understudy.service.app  # noqa: F401
from tests.integration.embedded.mount.people import DATABASE, FOLDER, TOLD, URL
from understudy import AppUser, StaffMember, Understudy, Users, current_impersonation
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.wsgi import UnderstudyMiddleware as WsgiMiddleware
from understudy.embedded import process
from understudy.embedded.mount.asgi import dashboard
from understudy.embedded.mount.wsgi import DashboardMiddleware
from understudy.service.opening import open_to_serve

Environ = dict[str, Any]


def told() -> Any:
    """What stands there now."""
    return json.loads((Path(os.environ[FOLDER]) / TOLD).read_text())


def clock() -> datetime:
    """The machine's, put ahead by so many hours."""
    return datetime.now(UTC) + timedelta(hours=told()["hours_ahead"])


def staff(request: Environ | Request) -> StaffMember | None:
    """Whoever the header names, if they are staff at present."""
    name = (
        request.get("HTTP_X_STAFF") if isinstance(request, dict) else request.headers.get("x-staff")
    )
    roles = told()["staff"].get(name)
    if name is None or roles is None:
        return None
    email, now = f"{name}@shop.example", datetime.now(UTC)
    return StaffMember(id=name, email=email, name=name.title(), roles=roles, signed_in_at=now)


def get(subject_id: str) -> AppUser | None:
    """One user as they are at present."""
    flags = told()["users"].get(subject_id)
    if flags is None:
        return None
    return AppUser(id=subject_id, name=subject_id.title(), **flags)


pytest.MonkeyPatch().setattr(process, "open_to_serve", partial(open_to_serve, clock=clock))
link = Understudy.embedded(
    "Shop",
    url=URL,
    data_dir=os.environ[FOLDER],
    database=os.environ[DATABASE] or None,
    staff=staff,
    users=Users(get=get, search=lambda query, limit: []),
    allow_impersonation=True,
)


def answered(path: str) -> str:
    """A page that says whom the app serves. Where somebody has left, it says so to Understudy."""
    if path == "/left":
        link.revoke_sessions_of("kim")
    found = current_impersonation()
    return f"<!doctype html><body>Hello {found.subject.id if found else None}</body>"


def bare(environ: Environ, start_response: Any) -> list[bytes]:
    """The app on WSGI."""
    body = answered(environ["PATH_INFO"]).encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]


async def page(request: Request) -> HTMLResponse:
    """The app on ASGI."""
    return HTMLResponse(answered(request.url.path))


on_wsgi = DashboardMiddleware(WsgiMiddleware(bare, understudy=link), understudy=link)
on_asgi = UnderstudyMiddleware(
    Starlette(routes=[Mount("/understudy", dashboard(link)), Route("/{rest:path}", page)]),
    understudy=link,
)


def wsgi(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """What stands around it all: it says which process has answered."""

    def with_pid(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, ("X-Process", str(os.getpid()))], *error)

    return on_wsgi(environ, with_pid)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """The same."""

    async def with_pid(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-process", str(os.getpid()).encode())]
        await send(message)

    await on_asgi(scope, receive, with_pid)
