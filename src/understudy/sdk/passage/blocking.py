"""Does the steps of a passage in the very thread that serves the request."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import wait
from typing import TypeVar

from understudy.sdk.passage.steps import AskApp, KeepBody, LoadUser, ReadBody, VisitSteps
from understudy.sdk.raised import Raised

T = TypeVar("T")


def carried_out(
    steps: VisitSteps[T],
    load_user: Callable[[LoadUser], object] = lambda _: None,
    read_body: Callable[[int], bytes] = lambda _: b"",
    keep_body: Callable[[int], bytes | None] = lambda _: None,
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
                answer = load_user(step)
            elif isinstance(step, ReadBody):
                answer = read_body(step.most)
            elif isinstance(step, KeepBody):
                answer = keep_body(step.most)
            elif isinstance(step, AskApp):
                answer = _asked(step)
            else:
                answer = wait((step.future,), step.seconds)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        # Where a step raises, the passage still has its word to say to the log.
        steps.close()


def _asked(step: AskApp) -> object:
    """What the app gives, or the exception that it raises; nobody waits here for an async one."""
    given: object = None
    with Raised() as raised:
        given = step.function(*step.arguments)
    if inspect.iscoroutine(given):
        given.close()
        return TypeError("an async function needs an ASGI app")
    return given if raised.error is None else raised.error
