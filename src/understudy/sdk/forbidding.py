"""Keeps actors out of what only the user themself may do, also where nobody knows who asks."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar, overload

from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.asked_by import found_in
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.attribution import current_attribution
from understudy.sdk.context import present_request

P = ParamSpec("P")
R = TypeVar("R")
_LOG = logging.getLogger("understudy")
FORBIDDEN_MARK = "understudy_forbidden"
"""What a forbidden function has, for whoever is about to put it into a queue."""


def refuse_while_impersonating(*arguments: object) -> None:
    """Do nothing, unless the present request is impersonated, or may be.

    ``arguments`` are looked through for a request: what a queue calls often gets one.

    :raises ForbiddenWhileImpersonating: it is; the guard answers 403 and records it as blocked.
    """
    present = present_request()
    if present is not None and present.impersonation is not None:
        # Noted here, since frameworks turn errors that they do not know into a plain 500. Also what
        # a request has left running is refused: it was asked for by an actor.
        present.forbidden = present.forbidden or not present.over
        raise ForbiddenWhileImpersonating
    if any(found_in(argument) is not None for argument in arguments):
        raise ForbiddenWhileImpersonating
    # A job that a session has caused: an actor asked for it, however long ago.
    if current_attribution() is not None:
        raise ForbiddenWhileImpersonating
    if (present is None or present.over) and AT_WORK.anybody():
        _LOG.warning(
            "What is forbidden while impersonating was called outside of any known request, while "
            "somebody is impersonated in this process: see on_behalf_of, carried and as_the_app",
            extra={"action": "refuse_unknown"},
        )
        raise ForbiddenWhileImpersonating


@overload
def forbid_while_impersonating() -> None: ...


@overload
def forbid_while_impersonating(view: Callable[P, R]) -> Callable[P, R]: ...


def forbid_while_impersonating(view: Callable[..., Any] | None = None) -> Any:
    """Keep actors out of a view that only the user themself may use.

    A decorator for sync and async views, below the framework's own::

        @app.post("/password")
        @forbid_while_impersonating
        async def change_password() -> None: ...

    and a dependency for FastAPI: ``dependencies=[Depends(forbid_while_impersonating)]``.

    It goes by the present request, and by a request among the view's arguments. Where neither is
    known, as in a queue, it runs only while nobody at all is impersonated in this process
    (docs/decisions/0024-work-that-nobody-knows.md). A job that a session has caused is refused, and
    before it is queued where the queue carries attributions (docs/howto/jobs-and-attribution.md).

    :raises ForbiddenWhileImpersonating: in an impersonated request, in what one has left running,
        and where it may be one.
    """
    if view is None:
        return refuse_while_impersonating()
    guarded = _guarded_async(view) if inspect.iscoroutinefunction(view) else _guarded(view)
    setattr(guarded, FORBIDDEN_MARK, True)
    return guarded


# FastAPI reads a dependency's parameters as those of the request: there are none.
forbid_while_impersonating.__signature__ = inspect.Signature()  # type: ignore[attr-defined]


def _guarded(view: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        refuse_while_impersonating(*args, *kwargs.values())
        return view(*args, **kwargs)

    return guarded


def _guarded_async(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @functools.wraps(view)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        refuse_while_impersonating(*args, *kwargs.values())
        return await view(*args, **kwargs)

    return guarded
