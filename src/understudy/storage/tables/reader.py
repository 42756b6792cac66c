"""All repositories over one connection: a snapshot to read from, or the exclusive transaction."""

from __future__ import annotations

from typing import Self, cast

from understudy.core.governance.decision_points import NOTHING_SAID, Opinions
from understudy.core.ports import NoJudge, PolicyJudge, Reader, Vault
from understudy.storage.database.connection import Connection, Transaction
from understudy.storage.endings.in_force import NO_ENDINGS, EndingsInForce
from understudy.storage.tables.approvals import ApprovalTable, ReviewTable
from understudy.storage.tables.cases import CaseTable
from understudy.storage.tables.consents import ConsentRequestTable, ConsentTable
from understudy.storage.tables.denials import FoldedDenialTable
from understudy.storage.tables.directory import ApplicationTable, OrganizationTable, SubjectTable
from understudy.storage.tables.entries import EntryTable
from understudy.storage.tables.grants import GrantTable, ImpersonationTokenTable
from understudy.storage.tables.holds import HoldTable
from understudy.storage.tables.keys import SigningKeyTable
from understudy.storage.tables.meta import MetaTable, StoredAnswerTable, UsedNonceTable
from understudy.storage.tables.people import (
    InvitationTable,
    OperatorSessionTable,
    OperatorTable,
    SignInFailureTable,
)
from understudy.storage.tables.policies import PolicyTable
from understudy.storage.tables.reveals import RevealTable
from understudy.storage.tables.sealed import SealedRows
from understudy.storage.tables.sessions import SessionTable
from understudy.storage.tables.unlocks import UnlockTable
from understudy.storage.tables.webhooks import DeliveryTable, WebhookEndpointTable
from understudy.storage.vault import InstallationVault

NO_JUDGE = NoJudge()
"""For whoever looks at what no policy is asked about."""


class StoreTables:
    """All tables in one exclusive transaction; sessions that ``endings`` cover are over.

    ``judge`` reads the policies.
    """

    def __init__(
        self,
        db: Transaction,
        vault: InstallationVault,
        endings: EndingsInForce = NO_ENDINGS,
        judge: PolicyJudge = NO_JUDGE,
    ) -> None:
        self.vault: Vault = vault
        self.judge = judge
        self.opinions: Opinions = NOTHING_SAID
        db = cast(Transaction, SealedRows(db, vault.seals))
        self.applications = ApplicationTable(db, vault)
        self.organizations = OrganizationTable(db)
        self.subjects = SubjectTable(db)
        self.operators = OperatorTable(db)
        self.operator_sessions = OperatorSessionTable(db, vault)
        self.invitations = InvitationTable(db, vault)
        self.sign_in_failures = SignInFailureTable(db)
        self.grants = GrantTable(db)
        self.impersonation_tokens = ImpersonationTokenTable(db, vault)
        self.sessions = SessionTable(db, vault, endings)
        self.stored_answers = StoredAnswerTable(db)
        self.used_nonces = UsedNonceTable(db)
        self.signing_keys = SigningKeyTable(db)
        self.folded_denials = FoldedDenialTable(db)
        self.holds = HoldTable(db)
        self.unlocks = UnlockTable(db)
        self.reveals = RevealTable(db)
        self.approvals = ApprovalTable(db)
        self.reviews = ReviewTable(db)
        self.consents = ConsentTable(db)
        self.consent_requests = ConsentRequestTable(db)
        self.cases = CaseTable(db)
        self.policies = PolicyTable(db)
        self.webhook_endpoints = WebhookEndpointTable(db)
        self.deliveries = DeliveryTable(db)
        self.entries = EntryTable(db)
        self.meta = MetaTable(db)

    def hearing(self, opinions: Opinions) -> Self:
        """The same, for somebody whom decision points have told ``opinions``."""
        tables = object.__new__(type(self))
        tables.__dict__.update(self.__dict__, opinions=opinions)
        return tables


def read_from(
    connection: Connection,
    vault: InstallationVault,
    endings: EndingsInForce = NO_ENDINGS,
    judge: PolicyJudge = NO_JUDGE,
) -> Reader:
    """The same tables on a snapshot, by the half of each that writes nothing."""
    # A snapshot has none of a transaction's writing verbs, and a `Reader` asks for none.
    return StoreTables(cast(Transaction, connection), vault, endings, judge)
