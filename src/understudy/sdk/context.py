"""Who works as whom in the request at hand, for the app's own code to ask.

It travels in a context variable: into coroutines, tasks and threads that frameworks start for a
view. Whatever is made there keeps its context for as long as it lives, be it a timer, a pool's
worker, or the server's own callback that reads the next request from the same connection. So
adapters begin each request as nobody's (``left_by_others``, ``as_nobody``), and an impersonation
ends with its request wherever it got to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from understudy.core.impersonation.restrictions import Scope
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.values import ActiveSession, Actor, Organization, Phase, Subject

FORBIDDEN = ForbiddenWhileImpersonating.code
KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
REFERENCE_LENGTH = 200


class Telling(Protocol):
    """Tells the log what a request did beside being answered."""

    def tell(
        self, phase: Phase, *, kind: str, did: str | None = None, reference: str | None = None
    ) -> None:
        """Record it soon; does not block."""
        ...

    def at_end(self, deed: Callable[[], object]) -> None:
        """Call ``deed`` once, on whatever thread, when the session is over; at once if it is."""
        ...


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
    told: Telling | None = field(default=None, compare=False, repr=False)

    def minted(self, kind: str, reference: str) -> None:
        """Mark what this request has made, and what outlives the session: an API key, a magic link.

        ``kind`` is a word of yours such as ``api_key``, ``reference`` your own id for it by which
        you find it again, and never the secret itself. The log has it, the end of the session tells
        of it, and what you gave ``Understudy.on_minted`` is asked to revoke it then.

        :raises ValueError: ``kind`` is no such word, or ``reference`` is empty or too long.
        """
        if not KIND.fullmatch(kind) or not 0 < len(reference) <= REFERENCE_LENGTH:
            raise ValueError("A kind is a word like api_key, a reference has 1 to 200 characters.")
        if self.told is not None:
            self.told.tell(Phase.MINTED, kind=kind, reference=reference)

    @classmethod
    def of(
        cls, session: ActiveSession, user: object = None, told: Telling | None = None
    ) -> Impersonation:
        """What the app may know of ``session``; ``told`` is who tells the log what else it did."""
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
            told=told,
        )


@dataclass(frozen=True, slots=True)
class RefusedWrite:
    """What was not written in a session that may only read; ``table`` is None where unknown."""

    code: str
    table: str | None = None


class Present:
    """One impersonated request; ``forbidden`` once a forbidden view was asked for.

    ``write`` is what a database has refused to change, once it had to. ``unlocked`` where somebody
    else has allowed this very change in a session that may only read.
    ``asked`` once the app has looked whom it serves.
    ``over`` once the app's call for the request, or for the WebSocket, has returned, failed or been
    cancelled. Jobs that a framework runs behind the response, within that call, come before.
    """

    __slots__ = ("asked", "forbidden", "impersonation", "over", "unlocked", "write")

    def __init__(self, impersonation: Impersonation, *, unlocked: bool = False) -> None:
        self.impersonation = impersonation
        self.unlocked = unlocked
        self.asked = False
        self.forbidden = False
        self.write: RefusedWrite | None = None
        self.over = False


class OwnRequest:
    """One request of a user's own, for as long as the block lasts that it is put around.

    So that it can be told from what nobody knows anything about, such as the work of a queue.
    """

    # Of the class, as to make an object for each request of the app then costs a third.
    over = False
    impersonation = None

    def __enter__(self) -> None:
        self._token = _PRESENT.set(self)

    def __exit__(self, *_: object) -> None:
        self.over = True
        _PRESENT.reset(self._token)


_PRESENT: ContextVar[Present | OwnRequest | None] = ContextVar("understudy_present", default=None)


def current_impersonation() -> Impersonation | None:
    """The session that the present request belongs to, or None when users act for themselves.

    None as well in a task, a thread or a timer that outlives its request: what runs after a request
    is over is nobody.
    """
    present = _PRESENT.get()
    if present is None or present.over or present.impersonation is None:
        return None
    present.asked = True
    return present.impersonation


class within:
    """Make ``present`` the current request's for a stretch of it; for adapters.

    Put around the call of a view and around each pull of a streamed body, whose code runs only
    then, in the context of whoever pulls. The last stretch of a request is ``entered``.
    """

    # A class, as a generator costs each of these stretches twice as much.
    __slots__ = ("_present", "_token")

    def __init__(self, present: Present | OwnRequest) -> None:
        self._present = present

    def __enter__(self) -> None:
        self._token = _PRESENT.set(self._present)

    def __exit__(self, *_: object) -> None:
        _PRESENT.reset(self._token)


class begun(within):
    """Make a user's own request the current one while the app is called; for adapters.

    A call that fails, however it does, is the last of it: nobody will close an answer.
    """

    __slots__ = ()

    def __exit__(self, kind: object = None, *_: object) -> None:
        if kind is not None:
            self._present.over = True
        super().__exit__()


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


present_request = _PRESENT.get
"""The request that this context was made for, also when it is over; None when none is known.

The look-up itself, as every request of the app pays for it, and a call around it costs as much.
"""
enter_request, leave_request = _PRESENT.set, _PRESENT.reset
"""What an ``OwnRequest`` does around its block; for adapters of whose requests each pays for it."""


def left_by_others(pinned: object) -> bool:
    """True when the context is another request's than that of ``pinned``; for adapters.

    ``pinned`` is the impersonation that the request itself carries, if an adapter around this one
    has laid it over: what is called within a request, as a mounted app is, stays within it.
    """
    present = _PRESENT.get()
    found = None if present is None else present.impersonation
    return found is not None and found is not pinned


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
