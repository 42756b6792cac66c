"""Waits beside the event loop for what the SDK does on its threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TypeVar

from understudy.errors import Unavailable, UnderstudyError
from understudy.sdk.cache import Ended, Held
from understudy.sdk.guard import UNAVAILABLE, Asked, NeedsRefresh, Refuse, Serve
from understudy.sdk.later import Later
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.visit import Answer

T = TypeVar("T")
ASK_SECONDS = 1.0
"""How long a request may wait for the service's word on its session."""


async def is_done(future: Future[T], seconds: float) -> bool:
    """Wait for ``future``, which goes on whatever becomes of this request; False when too long."""
    if future.done():
        return True
    wrapped = asyncio.wrap_future(future)
    wrapped.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({wrapped}, timeout=seconds)
    return future.done()


async def later_answer(later: Later) -> Answer:
    """The answer, or the one for when it takes too long."""
    return later.answer() if await is_done(later.future, later.seconds) else later.abandon()


async def ask(runtime: Runtime, token: Secret, key: bytes) -> Held | Ended:
    """The session as the service sees it.

    :raises Unavailable: no answer in time.
    """
    runtime.follow()
    future = runtime.calls.share(key, lambda: runtime.sessions.refresh(token))
    if not await is_done(future, ASK_SECONDS):
        raise Unavailable(internal="no answer in time")
    return future.result()


async def decide_anew(runtime: Runtime, verdict: NeedsRefresh, asked: Asked) -> Serve | Refuse:
    """What becomes of a request for which the service must be asked."""
    try:
        found = await ask(runtime, verdict.token, verdict.key)
    except UnderstudyError:
        return UNAVAILABLE
    return runtime.guard.judge(found, asked)
