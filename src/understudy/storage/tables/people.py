"""Operators, their sign-ins, their invitations and their failures, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from understudy.core.ids import OperatorId
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.people.principals import Invitation, Operator, OperatorSession
from understudy.core.ports import SignInFailures, Vault
from understudy.core.times import to_ms
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.look_up import LookUp, first_found
from understudy.storage.tables.rows import Codec

_OPERATOR = Codec(Operator)
_SESSION = Codec(OperatorSession)
_INVITATION = Codec(Invitation)
_FAILURES = Codec(SignInFailures)
_BY_ID = LookUp(_OPERATOR, "operators_get")
_BY_EMAIL = LookUp(_OPERATOR, "operators_by_email")
_BY_STAFF_ID = LookUp(_OPERATOR, "operators_by_staff_id")


class OperatorTable:
    """The dashboard's people."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, operator_id: OperatorId) -> Operator | None:
        """The operator with this id."""
        return _BY_ID.get(self._db, operator_id)

    def by_email(self, email: str) -> Operator | None:
        """The operator with this e-mail address, which the caller has folded."""
        return _BY_EMAIL.get(self._db, email)

    def by_staff_id(self, staff_id: str) -> Operator | None:
        """The operator whom the embedding app calls so."""
        return _BY_STAFF_ID.get(self._db, staff_id)

    def list(self) -> Sequence[Operator]:
        """All, by e-mail address."""
        return [_OPERATOR.read(row) for row in self._db.all("operators_list")]

    def add(self, operator: Operator) -> None:
        """Insert, or refuse an id or an e-mail address that exists."""
        self._db.change("operators_add", _OPERATOR.write(operator))

    def save(self, operator: Operator) -> None:
        """Replace by id."""
        self._db.change("operators_save", _OPERATOR.write(operator))


class OperatorSessionTable:
    """Sign-ins of operators."""

    def __init__(self, db: Transaction, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def by_token(self, token: str) -> OperatorSession | None:
        """The sign-in behind a cookie."""
        hashes = self._vault.token_hashes(TokenPurpose.OPERATOR_SESSION, token)
        return first_found(self.by_token_hash, hashes)

    def by_token_hash(self, token_hash: bytes) -> OperatorSession | None:
        """The sign-in behind a cookie that is stored as this."""
        row = self._db.one("operator_sessions_by_token_hash", {"token_hash": token_hash})
        return _SESSION.read(row) if row else None

    def of_operator(self, operator_id: OperatorId) -> Sequence[OperatorSession]:
        """All sign-ins of an operator, oldest first."""
        rows = self._db.all("operator_sessions_of_operator", {"operator_id": operator_id})
        return [_SESSION.read(row) for row in rows]

    def add(self, session: OperatorSession) -> None:
        """Insert, or refuse what exists."""
        self._db.change("operator_sessions_add", _SESSION.write(session))

    def touch(self, session_id: str, last_seen_at: datetime) -> None:
        """Move ``last_seen_at`` forward, never back."""
        found = self._db.one("operator_sessions_get", {"id": session_id})
        session = _SESSION.read(found) if found else None
        if session is not None and session.last_seen_at < last_seen_at:
            row = _SESSION.write(replace(session, last_seen_at=last_seen_at))
            self._db.run("operator_sessions_touch", row)

    def confirm(self, session_id: str, confirmed_at: datetime) -> None:
        """Note when its owner said their password in a sign-in, if it is there."""
        found = self._db.one("operator_sessions_get", {"id": session_id})
        if found is not None:
            session = replace(_SESSION.read(found), confirmed_at=confirmed_at)
            self._db.run("operator_sessions_confirm", _SESSION.write(session))

    def remove(self, session_id: str) -> None:
        """Forget one sign-in, if it is there."""
        self._db.run("operator_sessions_remove", {"id": session_id})

    def remove_of_operator(self, operator_id: OperatorId) -> int:
        """Forget all sign-ins of an operator; answers how many."""
        return self._db.run("operator_sessions_remove_of_operator", {"operator_id": operator_id})

    def remove_expired(self, now: datetime) -> int:
        """Forget the sign-ins whose time has come; answers how many."""
        return self._db.run("operator_sessions_remove_expired", {"now": to_ms(now)})

    def remove_all(self) -> int:
        """Forget every sign-in; answers how many."""
        return self._db.run("operator_sessions_remove_all")


class InvitationTable:
    """One-time links."""

    def __init__(self, db: Transaction, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def by_token(self, token: str) -> Invitation | None:
        """The invitation behind a link."""
        hashes = self._vault.token_hashes(TokenPurpose.INVITATION, token)
        return first_found(self.by_token_hash, hashes)

    def by_token_hash(self, token_hash: bytes) -> Invitation | None:
        """The invitation behind a link that is stored as this."""
        row = self._db.one("invitations_by_token_hash", {"token_hash": token_hash})
        return _INVITATION.read(row) if row else None

    def add(self, invitation: Invitation) -> None:
        """Insert, or refuse what exists."""
        self._db.change("invitations_add", _INVITATION.write(invitation))

    def save(self, invitation: Invitation) -> None:
        """Replace by token hash."""
        self._db.change("invitations_save", _INVITATION.write(invitation))

    def remove_of_operator(self, operator_id: OperatorId) -> int:
        """Forget all invitations of an operator; answers how many."""
        return self._db.run("invitations_remove_of_operator", {"operator_id": operator_id})


class SignInFailureTable:
    """Failures by key."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, key: bytes) -> SignInFailures | None:
        """What has failed under ``key``."""
        row = self._db.one("sign_in_failures_get", {"key": key})
        return _FAILURES.read(row) if row else None

    def save(self, failures: SignInFailures) -> None:
        """Insert or replace by key."""
        self._db.run("sign_in_failures_save", _FAILURES.write(failures))

    def clear(self, key: bytes) -> None:
        """Forget the failures under ``key``."""
        self._db.run("sign_in_failures_clear", {"key": key})
