"""All repositories over one connection: a snapshot to read from, or the exclusive transaction."""

from __future__ import annotations

from typing import cast

from understudy.core import ports
from understudy.storage.database.connection import Connection, Transaction
from understudy.storage.tables.directory import ApplicationTable, OrganizationTable, SubjectTable
from understudy.storage.tables.entries import EntryTable
from understudy.storage.tables.grants import GrantTable, ImpersonationTokenTable
from understudy.storage.tables.holds import HoldTable
from understudy.storage.tables.keys import SigningKeyTable
from understudy.storage.tables.meta import MetaTable, StoredAnswerTable
from understudy.storage.tables.people import (
    InvitationTable,
    OperatorSessionTable,
    OperatorTable,
    SignInFailureTable,
)
from understudy.storage.tables.sessions import SessionTable
from understudy.storage.tables.webhooks import DeliveryTable, WebhookEndpointTable


class StoreReader:
    """``core.ports.Reader`` on a database. Over a snapshot, whatever writes fails."""

    def __init__(self, connection: Connection) -> None:
        # A snapshot has none of a transaction's writing verbs; the tables are the same.
        db = cast(Transaction, connection)
        self.applications: ports.Applications = ApplicationTable(db)
        self.organizations: ports.Organizations = OrganizationTable(db)
        self.subjects: ports.Subjects = SubjectTable(db)
        self.operators: ports.Operators = OperatorTable(db)
        self.operator_sessions: ports.OperatorSessions = OperatorSessionTable(db)
        self.invitations: ports.Invitations = InvitationTable(db)
        self.sign_in_failures: ports.SignInFailureLog = SignInFailureTable(db)
        self.grants: ports.Grants = GrantTable(db)
        self.impersonation_tokens: ports.ImpersonationTokens = ImpersonationTokenTable(db)
        self.sessions: ports.Sessions = SessionTable(db)
        self.stored_answers: ports.StoredAnswers = StoredAnswerTable(db)
        self.signing_keys: ports.SigningKeys = SigningKeyTable(db)
        self.holds: ports.Holds = HoldTable(db)
        self.webhook_endpoints: ports.WebhookEndpoints = WebhookEndpointTable(db)
        self.deliveries: ports.Deliveries = DeliveryTable(db)
        self.entries: ports.Entries = EntryTable(db)
        self.meta: ports.Meta = MetaTable(db)
