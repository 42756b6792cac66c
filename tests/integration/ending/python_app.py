"""An app in Python, in a process of its own, that does what it is told over its input.

Each line of input is an order, and each line of output what came of one, under its id; as the app
on Node does it (``tests/integration/node_link/node_app.py``).
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from typing import Any

import httpx

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.asgi.types import Message, Receive, Scope, Send
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Subject

PAUSE_SECONDS = 0.002
PATIENCE_SECONDS = 10.0
_LOCK = threading.Lock()


async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
    """What the app serves to whoever works in it."""
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


async def load_user(subject: Subject) -> Subject:
    """The app's own user."""
    return subject


def guarded(understudy: Understudy) -> UnderstudyMiddleware:
    """The page, with the guard before it."""
    return UnderstudyMiddleware(page, understudy=understudy, load_user=load_user)


class App:
    """The app, and the tokens of the sessions that were begun at it."""

    def __init__(self, url: str, application_id: str, secret: str) -> None:
        self._api = httpx.Client(
            base_url=f"{url}/api/v1", auth=(application_id, secret), trust_env=False
        )
        self._understudy = Understudy.remote(url, application_id, secret)
        self._app = guarded(self._understudy)
        self._tokens: dict[str, str] = {}

    def start(self, *, token: str) -> dict[str, Any]:
        """Begin a session."""
        answer = self._api.post("/impersonations/exchange", json={"impersonation_token": token})
        opened = answer.raise_for_status().json()
        self._tokens[opened["session"]["id"]] = opened["session_token"]
        return {"session": opened["session"]["id"]}

    def follow(self) -> dict[str, Any]:
        """The stream is followed from the first request on."""
        return {}

    def serve(self, *, session: str) -> dict[str, Any]:
        """What a request is answered; at first the stream may not stand yet."""
        until = time.monotonic() + PATIENCE_SECONDS
        status = asyncio.run(self._status(session))
        while status != 200 and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            status = asyncio.run(self._status(session))
        return {"status": status}

    def watch(self, *, session: str) -> dict[str, Any]:
        """When a request is refused for the first time, by a clock that all processes share."""

        async def refused() -> int:
            while True:
                status = await self._status(session)
                # In doubt nobody is served; it is the ending that is waited for.
                if status not in (200, 503):
                    return status
                await asyncio.sleep(PAUSE_SECONDS)

        status = asyncio.run(refused())
        return {"status": status, "at": time.monotonic()}

    def turn_away(self, *, session: str) -> dict[str, Any]:
        """When a request is not served for the first time, be it for doubt alone."""

        async def turned_away() -> int:
            while (status := await self._status(session)) == 200:
                await asyncio.sleep(PAUSE_SECONDS)
            return status

        status = asyncio.run(turned_away())
        return {"status": status, "at": time.monotonic()}

    async def _status(self, session: str) -> int:
        status = 0

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await self._app(_scope(self._tokens[session]), receive, send)
        return status


def _scope(token: str) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": "/orders",
        "raw_path": b"/orders",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"app.example"),
            (b"accept", b"application/json"),
            (b"cookie", f"{OVERLAY}={token}".encode()),
        ],
        "client": ("203.0.113.9", 50000),
        "server": ("app.example", 443),
    }


def _carry_out(app: App, order: dict[str, Any]) -> None:
    number, deed = order.pop("id"), order.pop("do")
    came = getattr(app, deed)(**order)
    with _LOCK:
        sys.stdout.write(json.dumps({"id": number, **came}) + "\n")
        sys.stdout.flush()


def carry_out_all(app: App) -> None:
    """Whatever is ordered, until nothing more comes."""
    for line in sys.stdin:
        threading.Thread(target=_carry_out, args=(app, json.loads(line)), daemon=True).start()


if __name__ == "__main__":
    OPTIONS = json.loads(sys.argv[1])
    carry_out_all(App(OPTIONS["url"], OPTIONS["applicationId"], OPTIONS["secret"]))
