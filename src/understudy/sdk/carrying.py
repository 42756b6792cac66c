"""Takes a request's context to where Python does not: executors, threads, queues."""

from __future__ import annotations

import contextvars
import functools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from understudy.errors import ForbiddenWhileImpersonating, SessionOver
from understudy.sdk.asked_by import IS_OVER, impersonation_of, scope_of
from understudy.sdk.attribution import current_attribution
from understudy.sdk.context import OwnRequest, Present, entered

P = ParamSpec("P")
R = TypeVar("R")


def carried(work: Callable[P, R]) -> Callable[P, R]:
    """``work`` under the present request, wherever it is called: in a thread, a pool, a callback.

    ::

        loop.run_in_executor(None, carried(report), order)
        threading.Thread(target=carried(report)).start()

    As everywhere, it is nobody's once the request is over.
    """
    context = contextvars.copy_context()

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        # A copy for each call, as a context can be entered once at a time.
        return context.copy().run(work, *args, **kwargs)

    return run


class CarryingExecutor(ThreadPoolExecutor):
    """A pool of threads that runs everything under the request that submits it.

    As a loop's default (``loop.set_default_executor``) it mends every ``run_in_executor(None, …)``.
    """

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """See ``concurrent.futures.Executor.submit``."""
        return super().submit(carried(fn), *args, **kwargs)


@contextmanager
def on_behalf_of(request: object) -> Iterator[None]:
    """Run what ``request`` has put into a queue as what it is: its session's, or a user's own.

    ``request`` is whatever ``impersonation_of`` takes. Within the block the session is the present
    one, although the request itself may be over: the app says that this is still its work.

    :raises SessionOver: the session has ended meanwhile, and so has what was asked for in it.
    :raises TypeError: it carries no scope.
    """
    impersonation = impersonation_of(request)
    if impersonation is None:
        with OwnRequest():
            yield
        return
    is_over: Callable[[], Any] | None = (scope_of(request) or {}).get(IS_OVER)
    # A scope that cannot tell is taken for over: nobody works as somebody for longer than allowed.
    if is_over is None or is_over():
        raise SessionOver
    with entered(Present(impersonation)):
        yield


@contextmanager
def as_the_app() -> Iterator[None]:
    """Run the app's own background work: nobody asked for it, so that nobody is kept out of it.

    :raises ForbiddenWhileImpersonating: in an impersonated request, and in a job that one has
        caused, where somebody did.
    """
    if current_attribution() is not None:
        raise ForbiddenWhileImpersonating
    with OwnRequest():
        yield
