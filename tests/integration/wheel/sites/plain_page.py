"""A page of a plain WSGI app and of a plain ASGI app in a session, by the SDK alone."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from understudy.contrib import asgi, wsgi
from understudy.testing import FakeGateway

HELLO = b"<body>Hello</body>"
gateway = FakeGateway()
headers = {**gateway.open().headers, "Accept": "text/html"}


def plain(environ: Any, start_response: Any) -> list[bytes]:
    """WSGI."""
    start_response("200 OK", [("Content-Type", "text/html")])
    return [HELLO]


async def plain_async(scope: Any, receive: Any, send: Any) -> None:
    """ASGI."""
    start = {"type": "http.response.start", "status": 200}
    await send({**start, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": HELLO})


def visit() -> str:
    """Over WSGI."""
    site = wsgi.UnderstudyMiddleware(
        plain, understudy=gateway.understudy(), load_user=lambda subject: subject
    )
    transport = httpx.WSGITransport(app=site)
    with httpx.Client(transport=transport, base_url="https://app.test") as browser:
        return browser.get("/", headers=headers).text


async def visit_async() -> str:
    """Over ASGI."""
    site = asgi.UnderstudyMiddleware(
        plain_async, understudy=gateway.understudy(), load_user=lambda subject: subject
    )
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="https://app.test") as browser:
        return (await browser.get("/", headers=headers)).text


pages = {"wsgi": visit(), "asgi": asyncio.run(visit_async())}
print(json.dumps(pages))
