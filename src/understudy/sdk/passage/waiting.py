"""Does the steps of a passage beside an event loop, which goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

from understudy.sdk.passage.calling import call
from understudy.sdk.passage.steps import AskApp, KeepBody, LoadUser, ReadBody, VisitSteps
from understudy.sdk.raised import Raised

T = TypeVar("T")


async def is_done(future: Future[T], seconds: float) -> bool:
    """Wait for ``future``, which goes on whatever becomes of this request; False when too long."""
    if future.done():
        return True
    wrapped = asyncio.wrap_future(future)
    wrapped.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({wrapped}, timeout=seconds)
    return future.done()


async def carried_out(
    steps: VisitSteps[T],
    load_user: Callable[[LoadUser], Awaitable[object]] | None = None,
    read_body: Callable[[int], Awaitable[bytes]] | None = None,
    keep_body: Callable[[int], Awaitable[bytes | None]] | None = None,
) -> T:
    """What ``steps`` come to, each of them waited for.

    ``read_body`` gives as many bytes of the request's body at most; it is for bodies that nobody
    else will read. ``keep_body`` gives one whole that the app reads again, or None.
    """
    answer: object = None
    try:
        while True:
            step = steps.send(answer)
            if isinstance(step, LoadUser):
                answer = await load_user(step) if load_user is not None else None
            elif isinstance(step, ReadBody):
                answer = await read_body(step.most) if read_body is not None else b""
            elif isinstance(step, KeepBody):
                answer = await keep_body(step.most) if keep_body is not None else None
            elif isinstance(step, AskApp):
                answer = await _asked(step)
            else:
                answer = await is_done(step.future, step.seconds)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        # A request that is cancelled here still has its word to say to the log.
        steps.close()


async def _asked(step: AskApp) -> object:
    """What the app gives, or the exception that it raises."""
    given: object = None
    with Raised() as raised:
        given = await call(step.function, *step.arguments)
    return given if raised.error is None else raised.error
