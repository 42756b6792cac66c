"""What the use cases need from the outside: stores, the log, keys, time and chance.

A use case is a function of a ``Unit``: one exclusive transaction. What it changes and what it
``record``s become durable together, or not at all (DESIGN rule 7). Reads outside of a unit go
through a ``Reader``: the same look-ups on a consistent snapshot.

Repositories are plural nouns with few verbs: ``get`` and ``by_…`` answer None when there is
nothing, ``add`` refuses what exists (``errors.AlreadyExists``), ``save`` replaces by key,
``search`` and ``list`` page by keyset. Units are serialised, so that read-then-write is atomic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event
from understudy.core.ports.directory import (
    Applications,
    Organizations,
    SubjectFilter,
    SubjectOrder,
    Subjects,
)
from understudy.core.ports.facts import Meta, StoredAnswer, StoredAnswers
from understudy.core.ports.holds import Hold, Holds
from understudy.core.ports.impersonation import (
    GrantFilter,
    Grants,
    ImpersonationTokens,
    SessionFilter,
    Sessions,
    SessionState,
)
from understudy.core.ports.keys import KeyUse, SigningKey, SigningKeys, Vault
from understudy.core.ports.log import (
    ActionCounts,
    Entries,
    Entry,
    EntryFilter,
    Erasures,
    RetentionBatch,
)
from understudy.core.ports.outbox import Deliveries, DeliveryFilter, WebhookEndpoints
from understudy.core.ports.paging import FIRST_PAGE, Page
from understudy.core.ports.team import (
    Invitations,
    Operators,
    OperatorSessions,
    SignInFailureLog,
    SignInFailures,
)

__all__ = [
    "FIRST_PAGE",
    "ActionCounts",
    "Applications",
    "Deliveries",
    "DeliveryFilter",
    "Engine",
    "Entries",
    "Entry",
    "EntryFilter",
    "Erasures",
    "Flow",
    "GrantFilter",
    "Grants",
    "Hold",
    "Holds",
    "ImpersonationTokens",
    "Invitations",
    "KeyUse",
    "Meta",
    "OperatorSessions",
    "Operators",
    "Organizations",
    "Page",
    "Reader",
    "RetentionBatch",
    "SessionFilter",
    "SessionState",
    "Sessions",
    "SignInFailureLog",
    "SignInFailures",
    "SigningKey",
    "SigningKeys",
    "StoredAnswer",
    "StoredAnswers",
    "SubjectFilter",
    "SubjectOrder",
    "Subjects",
    "Unit",
    "Vault",
    "WebhookEndpoints",
]

T = TypeVar("T")


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
