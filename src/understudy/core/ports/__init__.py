"""What the use cases need from the outside: stores, the log, keys, time and chance.

A use case is a function of a ``Unit``: one exclusive transaction. What it changes and what it
``record``s become durable together, or not at all (DESIGN rule 7). Reads outside of a unit go
through a ``Reader``: the same look-ups on a consistent snapshot.

Repositories are plural nouns with few verbs: ``get`` and ``by_…`` answer None when there is
nothing, ``add`` refuses what exists (``errors.AlreadyExists``), ``save`` replaces by key,
``search`` and ``list`` page by keyset. Units are serialised, so that read-then-write is atomic.
Each comes in two halves: what a reader offers looks up, and its ``Writable…`` in a unit writes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from understudy.core.ports.approvals import (
    Approvals,
    Reviews,
    WritableApprovals,
    WritableReviews,
)
from understudy.core.ports.directory import (
    MOST_HELD,
    Applications,
    HeldRoles,
    Organizations,
    SubjectFilter,
    SubjectOrder,
    Subjects,
    WritableApplications,
    WritableOrganizations,
    WritableSubjects,
)
from understudy.core.ports.facts import (
    Meta,
    StoredAnswer,
    StoredAnswers,
    UsedNonces,
    WritableMeta,
    WritableStoredAnswers,
    WritableUsedNonces,
)
from understudy.core.ports.governance import (
    Cases,
    ConsentRequests,
    Consents,
    WritableCases,
    WritableConsentRequests,
    WritableConsents,
)
from understudy.core.ports.holds import Hold, Holds, WritableHolds
from understudy.core.ports.impersonation import (
    Counted,
    GrantFilter,
    Grants,
    ImpersonationTokens,
    SessionFilter,
    Sessions,
    SessionState,
    WritableGrants,
    WritableImpersonationTokens,
    WritableSessions,
)
from understudy.core.ports.keys import KeyUse, SigningKey, SigningKeys, Vault, WritableSigningKeys
from understudy.core.ports.log import (
    ActionCounts,
    Entries,
    Entry,
    EntryFilter,
    Erasures,
    RetentionBatch,
)
from understudy.core.ports.outbox import (
    Deliveries,
    DeliveryFilter,
    WebhookEndpoints,
    WritableDeliveries,
    WritableWebhookEndpoints,
)
from understudy.core.ports.paging import FIRST_PAGE, Page
from understudy.core.ports.policies import NoJudge, Policies, PolicyJudge, WritablePolicies
from understudy.core.ports.reveals import Reveals, WritableReveals
from understudy.core.ports.team import (
    Invitations,
    Operators,
    OperatorSessions,
    SignInFailureLog,
    SignInFailures,
    WritableInvitations,
    WritableOperators,
    WritableOperatorSessions,
    WritableSignInFailureLog,
)
from understudy.core.ports.unit import Reader, Unit
from understudy.core.ports.unlocks import Unlocks, WritableUnlocks

__all__ = [
    "FIRST_PAGE",
    "MOST_HELD",
    "ActionCounts",
    "Applications",
    "Approvals",
    "Cases",
    "ConsentRequests",
    "Consents",
    "Counted",
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
    "HeldRoles",
    "Hold",
    "Holds",
    "ImpersonationTokens",
    "Invitations",
    "KeyUse",
    "Meta",
    "NoJudge",
    "OperatorSessions",
    "Operators",
    "Organizations",
    "Page",
    "Policies",
    "PolicyJudge",
    "Reader",
    "RetentionBatch",
    "Reveals",
    "Reviews",
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
    "Unlocks",
    "UsedNonces",
    "Vault",
    "WebhookEndpoints",
    "WritableApplications",
    "WritableApprovals",
    "WritableCases",
    "WritableConsentRequests",
    "WritableConsents",
    "WritableDeliveries",
    "WritableGrants",
    "WritableHolds",
    "WritableImpersonationTokens",
    "WritableInvitations",
    "WritableMeta",
    "WritableOperatorSessions",
    "WritableOperators",
    "WritableOrganizations",
    "WritablePolicies",
    "WritableReveals",
    "WritableReviews",
    "WritableSessions",
    "WritableSignInFailureLog",
    "WritableSigningKeys",
    "WritableStoredAnswers",
    "WritableSubjects",
    "WritableUnlocks",
    "WritableUsedNonces",
    "WritableWebhookEndpoints",
]

T = TypeVar("T")

Flow = Callable[[Unit], T]
"""A use case with its arguments bound."""


class Engine(Protocol):
    """Where use cases run: one writer, many readers."""

    vault: Vault
    judge: PolicyJudge

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
