"""The smallest valid values, with one argument for whatever a test is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from tests.fixtures.vault import VAULT
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import (
    ActorRef,
    GrantId,
    OperatorId,
    OrganizationId,
    OrganizationRef,
    SessionId,
    SubjectId,
    SubjectRef,
)
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationToken
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.people.permissions import Role
from understudy.core.people.principals import (
    Actor,
    ActorKind,
    Operator,
    OperatorSession,
    OperatorStatus,
    Organization,
    Status,
    Subject,
)
from understudy.core.times import to_ms
from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import Database, Params, Row, Transaction, V, Value
from understudy.storage.tables.reader import StoreTables
from understudy.storage.tables.stored_json import to_json

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def application(**changes: Any) -> Application:
    return replace(
        Application(
            id="app_1",
            name="Acme",
            vertical=Vertical.B2B,
            status=Status.ACTIVE,
            settings=ApplicationSettings(),
            secret_hash=bytes(32),
            created_at=NOW,
            updated_at=NOW,
        ),
        **changes,
    )


def organization(**changes: Any) -> Organization:
    made = Organization(
        application_id="app_1",
        id=OrganizationId("org"),
        ref=OrganizationRef(""),
        name="Globex",
        status=Status.ACTIVE,
        created_at=NOW,
        updated_at=NOW,
    )
    changed = replace(made, **changes)
    return changed if changed.ref else replace(changed, ref=OrganizationRef(f"org_{changed.id}"))


def subject(**changes: Any) -> Subject:
    made = Subject(
        application_id="app_1",
        id=SubjectId("user"),
        ref=SubjectRef(""),
        email=None,
        name=None,
        organization_id=None,
        roles=(),
        protected=False,
        status=Status.ACTIVE,
        created_at=NOW,
        updated_at=NOW,
    )
    changed = replace(made, **changes)
    return changed if changed.ref else replace(changed, ref=SubjectRef(f"sub_{changed.id}"))


def operator(**changes: Any) -> Operator:
    return replace(
        Operator(
            id=OperatorId("opr_1"),
            email="ada@example.com",
            name="Ada",
            roles=frozenset({Role.ADMIN}),
            status=OperatorStatus.ACTIVE,
            created_at=NOW,
            updated_at=NOW,
        ),
        **changes,
    )


def operator_session(**changes: Any) -> OperatorSession:
    return replace(
        OperatorSession(
            id="ops_1",
            operator_id=OperatorId("opr_1"),
            token_hash=bytes(32),
            created_at=NOW,
            last_seen_at=NOW,
            expires_at=NOW + 60 * MINUTE,
        ),
        **changes,
    )


def grant(**changes: Any) -> Grant:
    return replace(
        Grant(
            id=GrantId("grt_1"),
            application_id="app_1",
            actor=Actor(kind=ActorKind.OPERATOR, ref=ActorRef("opr_1"), id="opr_1"),
            subject_id=SubjectId("user"),
            subject_ref=SubjectRef("sub_user"),
            organization_id=None,
            organization_ref=None,
            reason="The invoice does not open.",
            ticket=None,
            scope=Scope.FULL,
            minutes=30,
            status=GrantStatus.READY,
            created_at=NOW,
            expires_at=NOW + 15 * MINUTE,
        ),
        **changes,
    )


def token(**changes: Any) -> ImpersonationToken:
    return replace(
        ImpersonationToken(
            token_hash=bytes(32),
            grant_id=GrantId("grt_1"),
            application_id="app_1",
            wire="native",
            created_at=NOW,
            expires_at=NOW + MINUTE,
        ),
        **changes,
    )


def session(**changes: Any) -> Session:
    made = Session(
        id=SessionId("ses_1"),
        grant_id=GrantId("grt_1"),
        application_id="app_1",
        actor_ref=ActorRef("opr_1"),
        subject_ref=SubjectRef("sub_user"),
        organization_ref=None,
        token_hash=b"",
        token_nonce=bytes(32),
        started_at=NOW,
        ends_at=NOW + 30 * MINUTE,
        idle_limit=10 * MINUTE,
        last_active_at=NOW,
    )
    changed = replace(made, **changes)
    own_hash = changed.id.encode().ljust(32)[:32]
    return changed if changed.token_hash else replace(changed, token_hash=own_hash)


def entry(index: int, **changes: Any) -> dict[str, Value]:
    """A row of the log, a minute after the one before it."""
    row: dict[str, Value] = {
        "idx": index,
        "time_ms": to_ms(NOW + index * MINUTE),
        "type": "action.completed",
        "application_id": "app_1",
        "actor_ref": "opr_1",
        "subject_ref": "sub_user",
        "organization_ref": None,
        "grant_id": "grt_1",
        "session_id": "ses_1",
        "outcome": "ok",
        "doer_ref": None,
        "leaf": b"leaf %d" % index,
        "core": to_json({"outcome": "ok"}),
        "core_salt": bytes(32),
        "personal": to_json({"actor_name": "Ada"}),
        "personal_salt": bytes(32),
    }
    return row | changes


def append(transaction: Transaction, *rows: dict[str, Value]) -> None:
    """Rows into the log, without its tree."""
    for row in rows:
        transaction.run("log_entry_add", row)


def with_parents(transaction: Transaction) -> StoreTables:
    """A store with what grants and sessions refer to."""
    store = StoreTables(transaction, VAULT)
    store.applications.add(application())
    store.operators.add(operator())
    store.grants.add(grant())
    return store


class _UndoneError(Exception):
    pass


class _Forgetful:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        return read(self._transaction.all(query, params))

    def answers(self, query: str) -> Answers:
        return NOTHING

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)


def forgetful(transaction: Transaction) -> Transaction:
    """The same transaction, remembering nothing of what it has read or written."""
    return cast(Transaction, _Forgetful(transaction))


@contextmanager
def undone(database: Database) -> Iterator[StoreTables]:
    """A store with parents, in a transaction of which nothing stays and that remembers nothing."""
    with suppress(_UndoneError), database.writing() as transaction:
        yield with_parents(forgetful(transaction))
        raise _UndoneError
