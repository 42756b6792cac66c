"""Waits beside the event loop for what the SDK does on its threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

from understudy.sdk.cache import Ended, Held
from understudy.sdk.later import Later
from understudy.sdk.passage.steps import LoadUser, Steps, asking
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.values import Subject
from understudy.sdk.visit import Answer

T = TypeVar("T")


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


async def carried_out(
    steps: Steps[T], load_user: Callable[[Subject], Awaitable[object]] | None = None
) -> T:
    """What ``steps`` come to, each of them waited for."""
    answer: object = None
    try:
        while True:
            step = steps.send(answer)
            if isinstance(step, LoadUser):
                answer = await load_user(step.subject) if load_user is not None else None
            else:
                answer = await is_done(step.future, step.seconds)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        # A request that is cancelled here still has its word to say to the log.
        steps.close()


async def ask(runtime: Runtime, token: Secret, key: bytes) -> Held | Ended:
    """The session as the service sees it.

    :raises Unavailable: no answer in time.
    """
    return await carried_out(asking(runtime, token, key))
