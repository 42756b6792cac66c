"""What the use cases need from the outside: stores, the log, keys, time and chance.

A use case is a function of a ``Unit``: one exclusive transaction. What it changes and what it
``record``s become durable together, or not at all (DESIGN rule 7). Reads outside of a unit go
through a ``Reader``: the same look-ups on a consistent snapshot.

Repositories are plural nouns with few verbs: ``get`` and ``by_…`` answer None when there is
nothing, ``add`` refuses what exists (``errors.AlreadyExists``), ``save`` replaces by key,
``search`` and ``list`` page by keyset. Units are serialised, so that read-then-write is atomic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from understudy.core.events import Event, EventType, Outcome, Scalar
from understudy.core.grants import Grant, GrantStatus, ImpersonationToken
from understudy.core.principals import (
    Application,
    Invitation,
    Operator,
    OperatorSession,
    Organization,
    Status,
    Subject,
)
from understudy.core.sessions import Session
from understudy.core.tokens import IdPrefix, TokenPurpose
from understudy.core.webhooks import (
    Attempt,
    Delivery,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page:
    """A window on a list: at most ``limit`` rows after ``after`` (a row's sort key, or None)."""

    limit: int = 50
    after: tuple[str, ...] | None = None


class Applications(Protocol):
    """The customers' apps."""

    def get(self, application_id: str) -> Application | None: ...
    def by_secret_hash(self, secret_hash: bytes) -> Application | None:
        """The one whose secret it is or was; whether it still counts is the caller's to say."""
        ...

    def list(self) -> Sequence[Application]: ...
    def add(self, application: Application) -> None: ...
    def save(self, application: Application) -> None: ...


class Organizations(Protocol):
    """Tenants, by application."""

    def get(self, application_id: str, organization_id: str) -> Organization | None: ...
    def by_slug(self, application_id: str, slug: str) -> Organization | None: ...
    def by_external_id(self, application_id: str, external_id: str) -> Organization | None: ...
    def search(
        self, application_id: str, *, query: str = "", page: Page = Page()
    ) -> Sequence[Organization]:
        """Those not deleted, by name then id; ``query`` is folded and matched anywhere in them.

        The sort key of a row is ``(folded name, id)``.
        """
        ...

    def save(self, organization: Organization) -> None: ...


@dataclass(frozen=True, kw_only=True)
class SubjectFilter:
    """Which subjects to show. Deleted ones never are. Empty sets mean any; e-mails are folded."""

    application_id: str
    query: str = ""
    organization_id: str | None = None
    ids: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    external_ids: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()


class SubjectOrder(StrEnum):
    """By what a window of subjects is ordered; ties by id."""

    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"


class Subjects(Protocol):
    """Users, by application."""

    def get(self, application_id: str, subject_id: str) -> Subject | None: ...
    def search(self, where: SubjectFilter, page: Page = Page()) -> Sequence[Subject]:
        """By name then id; the query is folded and matched anywhere in id, e-mail or name.

        The sort key of a row is ``(folded name, id)``.
        """
        ...

    def count(self, where: SubjectFilter) -> int: ...
    def window(
        self, where: SubjectFilter, *, order: SubjectOrder, offset: int, limit: int
    ) -> Sequence[Subject]:
        """For wires whose clients page by number; what lies before ``offset`` costs time."""
        ...

    def save(self, subject: Subject) -> None: ...


class Operators(Protocol):
    """The dashboard's people; e-mails are stored folded and are unique."""

    def get(self, operator_id: str) -> Operator | None: ...
    def by_email(self, email: str) -> Operator | None: ...
    def list(self) -> Sequence[Operator]: ...
    def add(self, operator: Operator) -> None: ...
    def save(self, operator: Operator) -> None: ...


class OperatorSessions(Protocol):
    """Sign-ins of operators."""

    def by_token_hash(self, token_hash: bytes) -> OperatorSession | None: ...
    def of_operator(self, operator_id: str) -> Sequence[OperatorSession]: ...
    def add(self, session: OperatorSession) -> None: ...
    def touch(self, session_id: str, last_seen_at: datetime) -> None: ...
    def remove(self, session_id: str) -> None: ...
    def remove_of_operator(self, operator_id: str) -> int: ...
    def remove_expired(self, now: datetime) -> int: ...


class Invitations(Protocol):
    """One-time links."""

    def by_token_hash(self, token_hash: bytes) -> Invitation | None: ...
    def add(self, invitation: Invitation) -> None: ...
    def save(self, invitation: Invitation) -> None: ...
    def remove_of_operator(self, operator_id: str) -> int: ...


@dataclass(frozen=True, kw_only=True)
class SignInFailures:
    """Failed sign-ins under one key: the keyed hash of an e-mail address, known or not."""

    key: bytes
    count: int
    first_at: datetime
    locked_until: datetime | None = None


class SignInFailureLog(Protocol):
    """Failures by key; the same for addresses that exist and that do not."""

    def get(self, key: bytes) -> SignInFailures | None: ...
    def save(self, failures: SignInFailures) -> None: ...
    def clear(self, key: bytes) -> None: ...


@dataclass(frozen=True, kw_only=True)
class GrantFilter:
    """Which grants to show."""

    application_id: str | None = None
    actor_ref: str | None = None
    subject_ref: str | None = None
    statuses: frozenset[GrantStatus] = frozenset()


class Grants(Protocol):
    """Decisions."""

    def get(self, grant_id: str) -> Grant | None: ...
    def search(self, where: GrantFilter, page: Page = Page()) -> Sequence[Grant]:
        """Newest first. The sort key of a row is ``(created_at in ms, id)``."""
        ...

    def expired(self, now: datetime, limit: int) -> Sequence[Grant]:
        """Pending or ready grants whose ``expires_at`` has come."""
        ...

    def older_than(self, application_id: str, moment: datetime, page: Page) -> Sequence[Grant]:
        """Grants made before ``moment``, oldest first, by the same sort key."""
        ...

    def add(self, grant: Grant) -> None: ...
    def save(self, grant: Grant) -> None: ...


class ImpersonationTokens(Protocol):
    """Single-use tokens, by hash."""

    def by_hash(self, token_hash: bytes) -> ImpersonationToken | None: ...
    def add(self, token: ImpersonationToken) -> None: ...
    def save(self, token: ImpersonationToken) -> None: ...
    def remove_expired(self, before: datetime) -> int: ...


class SessionState(StrEnum):
    """Which sessions to show."""

    LIVE = "live"
    OVER = "over"


@dataclass(frozen=True, kw_only=True)
class SessionFilter:
    """Which sessions to show; None means any."""

    application_id: str | None = None
    state: SessionState | None = None
    grant_id: str | None = None
    actor_ref: str | None = None
    subject_ref: str | None = None
    organization_ref: str | None = None


class Sessions(Protocol):
    """Impersonation sessions. ``LIVE`` means not ended by a row; time is the caller's to check."""

    def get(self, session_id: str) -> Session | None: ...
    def by_token_hash(self, token_hash: bytes) -> Session | None: ...
    def search(self, where: SessionFilter, page: Page = Page()) -> Sequence[Session]:
        """Newest first. The sort key of a row is ``(started_at in ms, id)``."""
        ...

    def live(self, where: SessionFilter) -> Sequence[Session]:
        """All live sessions that match, whatever their number."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Session]:
        """Live sessions whose time or idle time has run out."""
        ...

    def add(self, session: Session) -> None: ...
    def save(self, session: Session) -> None: ...
    def touch(self, session_id: str, last_active_at: datetime) -> None:
        """Move ``last_active_at`` forward, never back."""
        ...


@dataclass(frozen=True, kw_only=True)
class StoredAnswer:
    """What was answered under an Idempotency-Key; ``body`` is encrypted by the caller."""

    scope: str
    key: str
    request_hash: bytes
    status: int
    body: bytes = field(repr=False)
    created_at: datetime


class StoredAnswers(Protocol):
    """Answers kept for callers who ask again, by scope (who asks) and key."""

    def get(self, scope: str, key: str) -> StoredAnswer | None: ...
    def add(self, answer: StoredAnswer) -> None: ...
    def remove_before(self, before: datetime) -> int: ...


class KeyUse(StrEnum):
    """What a key pair signs; no key has two uses."""

    LOG = "log"
    SESSION_JWT = "session_jwt"
    STYTCH_JWT = "stytch_jwt"
    CLERK_JWT = "clerk_jwt"
    LOGOUT = "logout"


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key pair; the private half is encrypted under the installation key.

    ``application_id`` is None for the log. A key verifies from ``created_at`` on, signs between
    ``signs_from`` and ``signs_until``, and is forgotten at ``retired_at``.
    """

    id: str
    use: KeyUse
    application_id: str | None
    public: bytes
    private_encrypted: bytes = field(repr=False)
    created_at: datetime
    signs_from: datetime
    signs_until: datetime | None = None
    retired_at: datetime | None = None


class SigningKeys(Protocol):
    """Key pairs, by use and application, oldest first."""

    def of(self, use: KeyUse, application_id: str | None = None) -> Sequence[SigningKey]: ...
    def add(self, key: SigningKey) -> None: ...
    def save(self, key: SigningKey) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An audit entry as it is read. Erased halves are None; ``leaf`` is what the log proves."""

    index: int
    time: datetime
    type: EventType
    leaf: bytes
    core: Mapping[str, Scalar | Mapping[str, Scalar]] | None
    personal: Mapping[str, Scalar] | None


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """Which entries to show; None means any. Times are inclusive, then exclusive."""

    application_id: str | None = None
    types: frozenset[EventType] = frozenset()
    actor_ref: str | None = None
    subject_ref: str | None = None
    organization_ref: str | None = None
    grant_id: str | None = None
    session_id: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ActionCounts:
    """What was done in a session: pages read, changes asked for, and what the guard refused."""

    reads: int = 0
    changes: int = 0
    refused: int = 0


class Entries(Protocol):
    """The readable side of the log."""

    def size(self) -> int: ...
    def get(self, index: int) -> Entry | None: ...
    def search(
        self, where: EntryFilter, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Entry]:
        """Newest first, below index ``before``."""
        ...

    def after(
        self, index: int, *, types: frozenset[EventType] = frozenset(), limit: int = 1000
    ) -> Sequence[Entry]:
        """Oldest first, above ``index``: what a follower reads."""
        ...

    def count_due(
        self,
        application_id: str,
        moment: datetime,
        *,
        from_index: int,
        held_subjects: frozenset[str] = frozenset(),
    ) -> int:
        """How many entries `Erasures.older_than` would take something from, all steps together."""
        ...

    def actions_of(self, session_id: str) -> ActionCounts:
        """What the log still says was done in a session."""
        ...


class WebhookEndpoints(Protocol):
    """Who hears of events."""

    def get(self, endpoint_id: str) -> WebhookEndpoint | None: ...
    def list(
        self, *, application_id: str | None = None, status: EndpointStatus | None = None
    ) -> Sequence[WebhookEndpoint]:
        """All that match, oldest first; an application has few."""
        ...

    def add(self, endpoint: WebhookEndpoint) -> None: ...
    def save(self, endpoint: WebhookEndpoint) -> None: ...
    def remove(self, endpoint_id: str) -> None:
        """With its deliveries and their attempts."""
        ...


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries to show; None means any. ``to_logout_url`` shows logout tokens alone."""

    endpoint_id: str | None = None
    application_id: str | None = None
    status: DeliveryStatus | None = None
    to_logout_url: bool = False


class Deliveries(Protocol):
    """The outbox."""

    def get(self, delivery_id: str) -> Delivery | None: ...
    def search(self, where: DeliveryFilter, page: Page = Page()) -> Sequence[Delivery]:
        """Newest first. The sort key of a row is ``(created_at in ms, id)``."""
        ...

    def due(
        self, now: datetime, limit: int, *, besides: frozenset[str] = frozenset()
    ) -> Sequence[Delivery]:
        """Pending ones whose time has come and that no worker has, the most overdue first.

        Those to the receivers ``besides`` are left out.
        """
        ...

    def pending(self) -> int:
        """How many are on their way."""
        ...

    def add(self, delivery: Delivery) -> None: ...
    def save(self, delivery: Delivery) -> None: ...
    def attempts_of(self, delivery_id: str) -> Sequence[Attempt]: ...
    def add_attempt(self, attempt: Attempt) -> None: ...
    def forget_entries(
        self,
        now: datetime,
        *,
        indexes: Sequence[int] = (),
        subject_ref: str | None = None,
    ) -> None:
        """Delete what was sent and answered about these entries, and cancel what is pending.

        All deliveries about ``subject_ref`` are meant as well.
        """
        ...

    def cancel_of_endpoint(self, endpoint_id: str, now: datetime) -> int: ...
    def remove_settled(self, before: datetime) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A legal hold: nothing it covers is erased while it stands. No subject: the application."""

    id: str
    application_id: str
    subject_id: str | None
    subject_ref: str | None
    reason: str
    placed_by: str
    placed_at: datetime
    released_at: datetime | None = None


class Holds(Protocol):
    """Legal holds."""

    def get(self, hold_id: str) -> Hold | None: ...
    def list(self, *, application_id: str | None = None) -> Sequence[Hold]:
        """Newest first, released ones too; they are few."""
        ...

    def standing(self, application_id: str) -> Sequence[Hold]: ...
    def add(self, hold: Hold) -> None: ...
    def save(self, hold: Hold) -> None:
        """Write its release; all else stands."""
        ...

    def forget(self, application_id: str, by: datetime, *, subject_ref: str | None = None) -> int:
        """Delete holds that were released by this moment; answers how many."""
        ...


@dataclass(frozen=True, kw_only=True)
class RetentionBatch:
    """What one step of retention erased: rising indexes, and where the next step begins.

    ``both`` lost both halves, ``personal`` only the personal one (their core half tells of an
    erasure). Before ``next_index`` nothing is left that will ever fall due but what is held;
    ``more`` says that something is due already.
    """

    both: Sequence[int]
    personal: Sequence[int]
    next_index: int
    more: bool


class Erasures(Protocol):
    """Forgetting, inside a unit. Indexes touched are answered so that the erasure can name them.

    What was delivered or is to be delivered of an erased entry is `Deliveries.forget_entries`.
    """

    def personal_of_subject(self, application_id: str, subject_ref: str) -> Sequence[int]:
        """Delete payload and salt of the personal half of every entry about a subject."""
        ...

    def older_than(
        self,
        application_id: str,
        moment: datetime,
        *,
        from_index: int,
        limit: int,
        held_subjects: frozenset[str] = frozenset(),
    ) -> RetentionBatch:
        """Delete both halves of an application's entries from before ``moment``.

        At most ``limit`` entries from ``from_index`` on, the oldest first. Entries about
        ``held_subjects`` (refs) stay; of ``audit.erased`` entries only the personal half goes.
        """
        ...

    def scrub(self) -> None:
        """Ask that what this unit forgets also leaves the disk once it is durable."""
        ...


class Meta(Protocol):
    """Small facts about the installation, by name."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, value: str) -> None: ...


class Reader(Protocol):
    """Look-ups on one consistent snapshot."""

    applications: Applications
    organizations: Organizations
    subjects: Subjects
    operators: Operators
    operator_sessions: OperatorSessions
    invitations: Invitations
    sign_in_failures: SignInFailureLog
    grants: Grants
    impersonation_tokens: ImpersonationTokens
    sessions: Sessions
    stored_answers: StoredAnswers
    signing_keys: SigningKeys
    webhook_endpoints: WebhookEndpoints
    deliveries: Deliveries
    holds: Holds
    entries: Entries
    meta: Meta


class Vault(Protocol):
    """What needs the installation key. Nothing here ever leaves the process unprotected."""

    def derive_token(self, purpose: TokenPurpose, nonce: bytes) -> str: ...
    def pseudonym(self, *parts: str) -> str: ...
    def keyed_hash(self, purpose: str, text: str) -> bytes: ...
    def encrypt(self, purpose: str, plain: bytes) -> bytes: ...
    def decrypt(self, purpose: str, sealed: bytes) -> bytes: ...


class Unit(Reader, Protocol):
    """One exclusive transaction: look-ups see what it wrote; all of it commits, or nothing.

    ``now`` is the unit's single instant, UTC and cut to milliseconds.
    """

    now: datetime
    vault: Vault
    erasures: Erasures

    def record(self, event: Event) -> int:
        """Append ``event`` to the log with this unit; answers its index."""
        ...

    def new_id(self, prefix: IdPrefix) -> str:
        """A fresh random id."""
        ...

    def random(self, count: int) -> bytes:
        """``count`` bytes from the operating system's generator."""
        ...


Flow = Callable[[Unit], T]
"""A use case with its arguments bound."""


class Engine(Protocol):
    """Where use cases run: one writer, many readers."""

    vault: Vault

    def submit(self, flow: Flow[T]) -> Future[T]:
        """Run ``flow`` in a unit, and resolve once it is durable.

        An exception of the flow undoes the flow alone and is raised by the future.
        """
        ...

    def run(self, flow: Flow[T]) -> T:
        """``submit`` and wait."""
        ...

    def reading(self) -> AbstractContextManager[Reader]:
        """A snapshot to read from."""
        ...

    def stream_entries(self, where: EntryFilter) -> Iterator[Entry]:
        """Every matching entry, oldest first, in constant memory."""
        ...
