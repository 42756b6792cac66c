"""Who works as whom in the request at hand, for the app's own code to ask.

It travels in a context variable: into coroutines, tasks and threads that frameworks start for a
view. Whatever is made there keeps its context for as long as it lives, be it a timer, a pool's
worker, or the server's own callback that reads the next request from the same connection. So
adapters begin each request as nobody's (``left_by_others``, ``as_nobody``), and an impersonation
ends with its request wherever it got to.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, overload

from understudy.core.impersonation.restrictions import Scope
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.values import ActiveSession, Actor, Organization, Subject

FORBIDDEN = ForbiddenWhileImpersonating.code
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True, slots=True)
class Impersonation:
    """The session that the present request belongs to.

    ``subject`` is the user whom the app shall serve, ``actor`` the person who really asks: write
    both down wherever your app writes down who did something. ``user`` is what the app's own
    ``load_user`` made of the subject.
    """

    session_id: str
    subject: Subject
    actor: Actor
    organization: Organization | None
    scope: Scope
    reason: str
    ticket: str | None
    started_at: datetime
    ends_at: datetime
    user: Any = None

    @classmethod
    def of(cls, session: ActiveSession, user: object = None) -> Impersonation:
        """What the app may know of ``session``."""
        return cls(
            session_id=session.id,
            subject=session.subject,
            actor=session.actor,
            organization=session.organization,
            scope=session.restrictions.scope,
            reason=session.reason,
            ticket=session.ticket,
            started_at=session.started_at,
            ends_at=session.ends_at,
            user=user,
        )


class Present:
    """One impersonated request; ``forbidden`` once a forbidden view was asked for.

    ``over`` once the app's call for the request, or for the WebSocket, has returned, failed or been
    cancelled. Jobs that a framework runs behind the response, within that call, come before.
    """

    __slots__ = ("forbidden", "impersonation", "over")

    def __init__(self, impersonation: Impersonation) -> None:
        self.impersonation = impersonation
        self.forbidden = False
        self.over = False


_PRESENT: ContextVar[Present | None] = ContextVar("understudy_present", default=None)


def current_impersonation() -> Impersonation | None:
    """The session that the present request belongs to, or None when users act for themselves.

    None as well in a task, a thread or a timer that outlives its request: what runs after a request
    is over is nobody.
    """
    present = _PRESENT.get()
    return None if present is None or present.over else present.impersonation


@contextmanager
def within(present: Present) -> Iterator[None]:
    """Make ``present`` the current request's for a stretch of it; for adapters.

    Put around the call of a view and around each pull of a streamed body, whose code runs only
    then, in the context of whoever pulls. The last stretch of a request is ``entered``.
    """
    token = _PRESENT.set(present)
    try:
        yield
    finally:
        _PRESENT.reset(token)


@contextmanager
def entered(present: Present) -> Iterator[None]:
    """Make ``present`` the current request's, and over at the end; for adapters.

    To be put around the app's whole call, in the very task that makes it.
    """
    token = _PRESENT.set(present)
    try:
        yield
    finally:
        present.over = True
        _PRESENT.reset(token)


def left_by_others(pinned: object) -> bool:
    """True when the context is another request's than that of ``pinned``; for adapters.

    ``pinned`` is the impersonation that the request itself carries, if an adapter around this one
    has laid it over: what is called within a request, as a mounted app is, stays within it.
    """
    present = _PRESENT.get()
    return present is not None and present.impersonation is not pinned


@contextmanager
def as_nobody() -> Iterator[None]:
    """Leave whatever request the context was made for; for adapters.

    Its own context comes back at the end, since one request may well call another app in process.
    """
    token = _PRESENT.set(None)
    try:
        yield
    finally:
        _PRESENT.reset(token)


def refuse_while_impersonating() -> None:
    """Do nothing, unless the present request is impersonated.

    Nor in what outlives an impersonated request, which is nobody's. A check whose answer is needed
    later is made before: in the request itself.

    :raises ForbiddenWhileImpersonating: it is; the guard answers 403 and records it as blocked.
    """
    present = _PRESENT.get()
    if present is not None and not present.over:
        # Noted here, since frameworks turn errors that they do not know into a plain 500.
        present.forbidden = True
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

    It asks about the present request. What a request has left running once it is over (a timer, a
    task, a thread) is nobody: a view that is called from there runs, and not for the subject.

    :raises ForbiddenWhileImpersonating: in an impersonated request.
    """
    if view is None:
        return refuse_while_impersonating()
    if inspect.iscoroutinefunction(view):
        return _guarded_async(view)

    return _guarded(view)


# FastAPI reads a dependency's parameters as those of the request: there are none.
forbid_while_impersonating.__signature__ = inspect.Signature()  # type: ignore[attr-defined]


def _guarded(view: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        refuse_while_impersonating()
        return view(*args, **kwargs)

    return guarded


def _guarded_async(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @functools.wraps(view)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        refuse_while_impersonating()
        return await view(*args, **kwargs)

    return guarded
