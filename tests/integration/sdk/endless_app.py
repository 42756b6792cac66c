"""The app of ``test_endless_answers.py``: answers that go on until somebody stops them.

Run by each server as a program of its own, hence with a gateway of its own in the same process.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

gateway = FakeGateway()
PAUSE = 0.02
MOST = 500
"""Ten seconds: much longer than any answer may go on."""
Send = Callable[[Any], Awaitable[None]]


class Endless:
    """Counts what it sends, and keeps what it was stopped by."""

    def __init__(self) -> None:
        self.sent = 0
        self.stopped: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def tick(self, send: Send) -> None:
        """Send numbers from the event loop."""
        try:
            while self.sent < MOST:
                await asyncio.sleep(PAUSE)
                await self._send(send)
        except asyncio.CancelledError:
            self._stop("cancelled")
            raise
        except OSError:
            self._stop("refused")

    async def drudge(self, send: Send) -> None:
        """Send numbers from a thread, which no cancellation reaches."""
        loop = asyncio.get_running_loop()

        def work() -> None:
            try:
                while self.sent < MOST:
                    time.sleep(PAUSE)
                    asyncio.run_coroutine_threadsafe(self._send(send), loop).result()
            except OSError:
                loop.call_soon_threadsafe(self._stop, "refused")

        await asyncio.shield(asyncio.ensure_future(asyncio.to_thread(work)))

    async def _send(self, send: Send) -> None:
        self.sent += 1
        part = f"{self.sent}\n".encode()
        await send({"type": "http.response.body", "body": part, "more_body": True})

    def _stop(self, how: str) -> None:
        if not self.stopped.done():
            self.stopped.set_result(how)


class Site:
    """The app itself, under the middleware."""

    def __init__(self) -> None:
        self._endless: Endless | None = None

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        path = scope["path"]
        if path in ("/tick", "/drudge"):
            self._endless = endless = Endless()
            await send({"type": "http.response.start", "status": 202, "headers": []})
            await (endless.tick(send) if path == "/tick" else endless.drudge(send))
        else:
            body = json.dumps(await self._visit(path)).encode()
            length = (b"content-length", str(len(body)).encode())
            await send({"type": "http.response.start", "status": 200, "headers": [length]})
            await send({"type": "http.response.body", "body": body})

    async def _visit(self, path: str) -> dict[str, Any]:
        if path == "/open":
            session = gateway.open(subject_id="42")
            return {"id": session.id, "headers": session.headers}
        assert self._endless is not None
        _, verb, session_id = path.split("/")
        if verb == "revoke":
            await asyncio.to_thread(gateway.wait_for_followers)
            await asyncio.to_thread(gateway.revoke, session_id)
            return {"sent": self._endless.sent}
        async with asyncio.timeout(5):
            how = await self._endless.stopped
        [last] = await asyncio.to_thread(gateway.actions, session_id, phase=Phase.COMPLETED)
        return {"how": how, "action": [last.phase.value, last.status, last.rule]}


app = UnderstudyMiddleware(Site(), understudy=gateway.understudy())
