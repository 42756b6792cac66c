"""All repositories at once: on a snapshot, or in one exclusive transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from understudy.core.governance.decision_points import Opinions
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event
from understudy.core.ports.approvals import (
    Approvals,
    Reviews,
    WritableApprovals,
    WritableReviews,
)
from understudy.core.ports.denials import FoldedDenials, WritableFoldedDenials
from understudy.core.ports.directory import (
    Applications,
    Organizations,
    Subjects,
    WritableApplications,
    WritableOrganizations,
    WritableSubjects,
)
from understudy.core.ports.facts import (
    Meta,
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
from understudy.core.ports.holds import Holds, WritableHolds
from understudy.core.ports.impersonation import (
    Grants,
    ImpersonationTokens,
    Sessions,
    WritableGrants,
    WritableImpersonationTokens,
    WritableSessions,
)
from understudy.core.ports.keys import SigningKeys, Vault, WritableSigningKeys
from understudy.core.ports.log import (
    Entries,
    Erasures,
)
from understudy.core.ports.outbox import (
    Deliveries,
    WebhookEndpoints,
    WritableDeliveries,
    WritableWebhookEndpoints,
)
from understudy.core.ports.policies import Policies, PolicyJudge, WritablePolicies
from understudy.core.ports.reveals import Reveals, WritableReveals
from understudy.core.ports.team import (
    Invitations,
    Operators,
    OperatorSessions,
    SignInFailureLog,
    WritableInvitations,
    WritableOperators,
    WritableOperatorSessions,
    WritableSignInFailureLog,
)
from understudy.core.ports.unlocks import Unlocks, WritableUnlocks


class Reader(Protocol):
    """Look-ups on one consistent snapshot: of each repository the half that writes nothing.

    ``opinions`` are what decision points have said to whoever looks.
    """

    vault: Vault
    judge: PolicyJudge
    opinions: Opinions

    @property
    def applications(self) -> Applications: ...
    @property
    def organizations(self) -> Organizations: ...
    @property
    def subjects(self) -> Subjects: ...
    @property
    def operators(self) -> Operators: ...
    @property
    def operator_sessions(self) -> OperatorSessions: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def sign_in_failures(self) -> SignInFailureLog: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def impersonation_tokens(self) -> ImpersonationTokens: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def stored_answers(self) -> StoredAnswers: ...
    @property
    def used_nonces(self) -> UsedNonces: ...
    @property
    def signing_keys(self) -> SigningKeys: ...
    @property
    def webhook_endpoints(self) -> WebhookEndpoints: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def folded_denials(self) -> FoldedDenials: ...
    @property
    def holds(self) -> Holds: ...
    @property
    def unlocks(self) -> Unlocks: ...
    @property
    def reveals(self) -> Reveals: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def consent_requests(self) -> ConsentRequests: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def policies(self) -> Policies: ...
    @property
    def entries(self) -> Entries: ...
    @property
    def meta(self) -> Meta: ...


class Unit(Reader, Protocol):
    """One exclusive transaction: look-ups see what it wrote; all of it commits, or nothing.

    ``now`` is the unit's single instant, UTC and cut to milliseconds. While the clock is in doubt,
    it is not before ``earliest`` and not after ``latest``: over and expired are judged at the
    latest, erasing and unlocking at the earliest (`core.clock`). ``is_in_doubt`` while these are
    further apart than clocks differ.
    """

    now: datetime
    earliest: datetime
    latest: datetime
    is_in_doubt: bool

    @property
    def applications(self) -> WritableApplications: ...
    @property
    def organizations(self) -> WritableOrganizations: ...
    @property
    def subjects(self) -> WritableSubjects: ...
    @property
    def operators(self) -> WritableOperators: ...
    @property
    def operator_sessions(self) -> WritableOperatorSessions: ...
    @property
    def invitations(self) -> WritableInvitations: ...
    @property
    def sign_in_failures(self) -> WritableSignInFailureLog: ...
    @property
    def grants(self) -> WritableGrants: ...
    @property
    def impersonation_tokens(self) -> WritableImpersonationTokens: ...
    @property
    def sessions(self) -> WritableSessions: ...
    @property
    def stored_answers(self) -> WritableStoredAnswers: ...
    @property
    def used_nonces(self) -> WritableUsedNonces: ...
    @property
    def signing_keys(self) -> WritableSigningKeys: ...
    @property
    def webhook_endpoints(self) -> WritableWebhookEndpoints: ...
    @property
    def deliveries(self) -> WritableDeliveries: ...
    @property
    def folded_denials(self) -> WritableFoldedDenials: ...
    @property
    def holds(self) -> WritableHolds: ...
    @property
    def unlocks(self) -> WritableUnlocks: ...
    @property
    def reveals(self) -> WritableReveals: ...
    @property
    def approvals(self) -> WritableApprovals: ...
    @property
    def reviews(self) -> WritableReviews: ...
    @property
    def consents(self) -> WritableConsents: ...
    @property
    def consent_requests(self) -> WritableConsentRequests: ...
    @property
    def cases(self) -> WritableCases: ...
    @property
    def policies(self) -> WritablePolicies: ...
    @property
    def meta(self) -> WritableMeta: ...
    @property
    def erasures(self) -> Erasures: ...

    def record(self, event: Event) -> int:
        """Append ``event`` to the log with this unit; answers its index."""
        ...

    def new_id(self, prefix: IdPrefix) -> str:
        """A fresh random id."""
        ...

    def random(self, count: int) -> bytes:
        """``count`` bytes from the operating system's generator."""
        ...
