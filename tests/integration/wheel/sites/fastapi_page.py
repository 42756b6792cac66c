"""A page of a FastAPI app in a session, and what its OpenAPI document says of refusals."""

from __future__ import annotations

import asyncio
import json

import httpx
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.fastapi import REFUSED, Actor, NotWhileImpersonating
from understudy.testing import FakeGateway

gateway = FakeGateway()
api = FastAPI()
site = UnderstudyMiddleware(
    api,
    understudy=gateway.understudy(),
    load_user=lambda subject: subject,
    own_cookies=("login",),
)


@api.get("/", response_class=HTMLResponse)
def home(actor: Actor) -> str:
    """Who asks."""
    return f"<body>Hello, asked by {actor.name if actor else 'the user'}</body>"


@api.post("/password", dependencies=[NotWhileImpersonating], responses=REFUSED)
def change_password() -> None:
    """For the user alone."""


async def main() -> None:
    """Visit it."""
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="https://app.test") as browser:
        asked = {**gateway.open().headers, "Accept": "text/html"}
        page = await browser.get("/", headers=asked)
        script = await browser.get("/_understudy/banner.js")
    refusals = list(api.openapi()["paths"]["/password"]["post"]["responses"])
    print(json.dumps({"page": page.text, "script": script.text, "refusals": refusals}))


asyncio.run(main())
