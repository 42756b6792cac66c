"""An app in a process of its own that notes when it first refuses a session.

    python -m benchmarks.watcher URL APPLICATION_ID

The application's secret comes by the environment. Each line of input is a session token; the answer
is ``serving`` once requests of that session are served, and later the time, by the machine's
monotonic clock, of the first that is not.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

from benchmarks.app import bare_app, load_user, receive, scope
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.asgi.types import Message
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.understudy import Understudy

SECRET = "UNDERSTUDY_BENCHMARK_SECRET"
"""The environment variable with the application's secret."""
PAUSE_SECONDS = 0.002
PATIENCE_SECONDS = 10.0
SERVED_FIRST = 3
"""Requests that are served before the session counts as one of the cache."""


def main(url: str, application_id: str) -> None:
    """Watch one session after another, until nobody asks any more."""
    understudy = Understudy.remote(url, application_id, os.environ[SECRET])
    app = UnderstudyMiddleware(bare_app, understudy=understudy, load_user=load_user)
    try:
        for line in sys.stdin:
            _say(str(asyncio.run(_first_refusal(app, line.strip()))))
    finally:
        understudy.close()


async def _first_refusal(app: UnderstudyMiddleware, token: str) -> float:
    request = scope(f"{OVERLAY}={token}".encode())
    # A service that was just silent, or began a moment ago, may need another one to be heard again.
    async with asyncio.timeout(PATIENCE_SECONDS):
        served = 0
        while served < SERVED_FIRST:
            served = served + 1 if await _status(app, request) == 200 else 0
            await asyncio.sleep(PAUSE_SECONDS)
    _say("serving")
    while await _status(app, request) == 200:
        await asyncio.sleep(PAUSE_SECONDS)
    return time.monotonic()


async def _status(app: UnderstudyMiddleware, request: dict[str, Any]) -> int:
    status = 0

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(dict(request), receive, send)
    return status


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
