"""The same app for ASGI."""

from __future__ import annotations

import os
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

import understudy.service.app  # noqa: F401
from tests.integration.embedded.mount.people import made
from understudy import current_impersonation
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.embedded.mount.asgi import dashboard

link = made()


async def page(_: Request) -> HTMLResponse:
    """Says whom the app serves."""
    found = current_impersonation()
    return HTMLResponse(f"<!doctype html><body>Hello {found.subject.id if found else None}</body>")


site = Starlette(routes=[Mount("/understudy", dashboard(link)), Route("/{rest:path}", page)])
guarded = UnderstudyMiddleware(site, understudy=link)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """What stands around it all: it says which process has answered."""

    async def with_pid(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-process", str(os.getpid()).encode())]
        await send(message)

    await guarded(scope, receive, with_pid)
