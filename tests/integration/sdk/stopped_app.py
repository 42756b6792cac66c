"""An app without a lifespan, as the servers of ``test_graceful_stop`` run it."""

from __future__ import annotations

import os
from typing import Any

from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.understudy import Understudy


async def bare(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        raise ValueError(f"This app serves HTTP only, and no {scope['type']}.")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


app = UnderstudyMiddleware(
    bare,
    understudy=Understudy.remote(os.environ["SERVICE"], "app_test", "a secret for tests"),
)
