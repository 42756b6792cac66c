"""Who works as whom in the request at hand, for the app's own code to ask.

It travels in a context variable: into coroutines, tasks and threads that frameworks start for a
view, and never from one request into another.
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

from understudy.core.restrictions import Scope
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
    """One impersonated request; ``forbidden`` once a forbidden view was asked for."""

    __slots__ = ("forbidden", "impersonation")

    def __init__(self, impersonation: Impersonation) -> None:
        self.impersonation = impersonation
        self.forbidden = False


_PRESENT: ContextVar[Present | None] = ContextVar("understudy_present", default=None)


def current_impersonation() -> Impersonation | None:
    """The session that the present request belongs to, or None when users act for themselves."""
    present = _PRESENT.get()
    return None if present is None else present.impersonation


@contextmanager
def entered(present: Present) -> Iterator[None]:
    """Make ``present`` the current request's; for adapters."""
    token = _PRESENT.set(present)
    try:
        yield
    finally:
        _PRESENT.reset(token)


def refuse_while_impersonating() -> None:
    """Do nothing, unless the present request is impersonated.

    :raises ForbiddenWhileImpersonating: it is; the guard answers 403 and records it as blocked.
    """
    present = _PRESENT.get()
    if present is not None:
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
