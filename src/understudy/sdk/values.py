"""What the service tells the SDK of a session, and what the SDK tells it of requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from understudy.core.impersonation.restrictions import Restrictions
from understudy.core.impersonation.sessions import LEASE, EndCause
from understudy.sdk.secret import Secret

NAMED_BY_APPLICATION = "named_by_application"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """The person who really sits at the keyboard.

    ``kind`` is ``operator`` (signed in at Understudy) or ``named_by_application``, as are those
    whom the app itself makes. ``groups`` are for an app to say of its own staff where they start:
    policies look at them. What the service tells of a session has none.
    """

    kind: str = NAMED_BY_APPLICATION
    id: str
    email: str | None = None
    name: str | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """The user in whose account the actor works. ``id`` is the application's own."""

    id: str
    email: str | None
    name: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Organization:
    """The subject's tenant. ``id`` is the application's own."""

    id: str
    name: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveSession:
    """One impersonation session as it was when the service answered. Times are the service's.

    ``origin`` is the only one at which it may be served; None for the app's own.
    """

    id: str
    grant_id: str
    application_id: str
    actor: Actor
    subject: Subject
    organization: Organization | None
    reason: str
    ticket: str | None
    restrictions: Restrictions
    started_at: datetime
    ends_at: datetime
    idle_ends_at: datetime
    last_active_at: datetime
    origin: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """The answer to an exchange or a refresh: a session that lived at ``server_time``.

    Durations are differences between the service's own times, so that the app's clock, which may
    be wrong, has no part in them. ``told_as`` is what the user is to read of whoever works there,
    None unless users are told.
    """

    session: ActiveSession
    session_token: Secret
    lease_expires_at: datetime
    server_time: datetime
    log_index: int
    return_to: str | None = None
    told_as: str | None = None

    @property
    def lease(self) -> timedelta:
        """For how long the session may be served without asking again; never above ``LEASE``."""
        return min(LEASE, self.lease_expires_at - self.server_time, self.remaining)

    @property
    def remaining(self) -> timedelta:
        """How much of the session is left at most."""
        return self.session.ends_at - self.server_time

    @property
    def idle_remaining(self) -> timedelta:
        """How much of it is left if nothing more happens."""
        return self.session.idle_ends_at - self.server_time

    @property
    def idle_limit(self) -> timedelta:
        """How long it may rest."""
        return self.session.idle_ends_at - self.session.last_active_at


class Wire(StrEnum):
    """The protocol that an impersonation token was made for; each takes only its own."""

    NATIVE = "native"
    STYTCH = "stytch"
    CLERK = "clerk"


@dataclass(frozen=True, kw_only=True, slots=True)
class Presented:
    """An impersonation token on its way to be exchanged, with what a code is bound to.

    Beside a code ``wire`` stays ``NATIVE``. ``attempt`` names this exchange: whoever repeats it
    under the same name, as its answer got lost, gets the same session.
    """

    token: Secret
    wire: Wire = Wire.NATIVE
    code_verifier: Secret | None = None
    redirect_uri: str | None = None
    attempt: Secret | None = None


class Phase(StrEnum):
    """Where a recorded request stands."""

    INTENDED = "intended"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    EFFECT = "effect"
    """Of what a request has sent, or wanted to send."""
    MINTED = "minted"
    """Of what a request has made that outlives the session."""
    UNDONE = "undone"
    """Of such a thing that the app has revoked."""


class RecordedAction(NamedTuple):
    """One request of a session. ``id`` ties an intent to its completion.

    A tuple because one is made for each request (benchmarks/guard.py). ``path`` has no query, which
    may hold what nobody should read; ``route`` is the app's pattern, known once the view has run.
    ``table`` is what a request of a read-only session was kept from changing. ``kind`` is of what
    was sent or made, ``did`` what became of what was to be sent, ``reference`` the app's own name
    for what was made, and never the thing itself.
    """

    id: str
    phase: Phase
    at: datetime
    method: str
    path: str
    route: str | None = None
    status: int | None = None
    duration_ms: int | None = None
    rule: str | None = None
    address: str | None = None
    user_agent: str | None = None
    table: str | None = None
    kind: str | None = None
    did: str | None = None
    reference: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Minted:
    """Something that was made in a session which is over, and that nobody has revoked yet.

    ``kind`` and ``reference`` are as they were marked; ``id`` is that of the action.
    """

    id: str
    session_id: str
    kind: str
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """The service follows its log, and has told everything up to ``index``."""

    index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionClosed:
    """A session is over. ``event_id`` resumes the stream behind this event."""

    session_id: str
    cause: EndCause | None
    event_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesChanged:
    """The application's settings changed: what sessions are held to must be asked for again."""

    event_id: str | None


News = Beat | SessionClosed | RulesChanged
