"""The app of ``test_other_requests.py``: it says as whom it was asked, and what stayed on runs.

Run by each server as a program of its own, hence with a gateway of its own in the same process.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from understudy import current_impersonation, forbid_while_impersonating
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.errors import ForbiddenWhileImpersonating
from understudy.testing import FakeGateway

gateway = FakeGateway()


def whom() -> str | None:
    """The subject of the present request, as the app is told."""
    found = current_impersonation()
    return found.subject.id if found else None


@forbid_while_impersonating
def of_users_alone() -> str:
    return "ran"


def forbidden() -> str:
    """What becomes of a forbidden view at present."""
    try:
        return of_users_alone()
    except ForbiddenWhileImpersonating as refused:
        return refused.code


class Leftovers:
    """What a request starts and leaves running: a timer, a task, a worker's thread."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.found: dict[str, list[str | None]] = {}
        self._complete = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            asyncio.create_task(self._work()),
            asyncio.create_task(asyncio.to_thread(self._drudge)),
        ]
        self._tick()

    async def all(self) -> dict[str, list[str | None]]:
        """What each of them came upon, once the request that made them was over."""
        await self._complete.wait()
        return self.found

    def _tick(self) -> None:
        if self.over.is_set():
            self._note("timer")
        else:
            self._loop.call_later(0.01, self._tick)

    async def _work(self) -> None:
        while not self.over.is_set():
            await asyncio.sleep(0.01)
        self._note("task")

    def _drudge(self) -> None:
        self.over.wait()
        noted = (whom(), forbidden())
        self._loop.call_soon_threadsafe(self._keep, "thread", *noted)

    def _note(self, name: str) -> None:
        self._keep(name, whom(), forbidden())

    def _keep(self, name: str, *noted: str | None) -> None:
        self.found[name] = list(noted)
        if len(self.found) == 3:
            self._complete.set()


class Site:
    """The app itself, under the middleware."""

    def __init__(self) -> None:
        self.leftovers: Leftovers | None = None
        self._released = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await greet(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        size = await received(receive)
        said = await self._visit(scope["path"])
        answer = {"whom": whom(), "outside": scope["outside"], "size": size, **said}
        body = json.dumps(answer).encode()
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})
        if scope["path"] == "/job":
            await self._released.wait()

    async def _visit(self, path: str) -> dict[str, Any]:
        if path == "/open":
            session = gateway.open(subject_id="42")
            return {"id": session.id, "headers": session.headers}
        if path.startswith("/revoke/"):
            await asyncio.to_thread(gateway.revoke, path.removeprefix("/revoke/"))
        elif path == "/release":
            self._released.set()
        elif path == "/leave":
            self.leftovers = Leftovers()
        elif path == "/left" and self.leftovers is not None:
            return {"left": await self.leftovers.all()}
        return {"forbidden": forbidden()} if path == "/forbidden" else {}


async def greet(receive: Any, send: Any) -> None:
    """Open a WebSocket, say whose it is, and close it."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": json.dumps(whom())})
    await send({"type": "websocket.close", "code": 1000})


async def received(receive: Callable[[], Awaitable[Any]]) -> int:
    """The length of the request's body, once all of it is here."""
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            return size


site = Site()
guarded = UnderstudyMiddleware(site, understudy=gateway.understudy())


async def app(scope: Any, receive: Any, send: Any) -> None:
    """What stands around our middleware: it notes as whom it was asked, and when all is over."""
    scope["outside"] = whom()
    try:
        await guarded(scope, receive, send)
    finally:
        if scope.get("path") == "/leave" and site.leftovers is not None:
            site.leftovers.over.set()
