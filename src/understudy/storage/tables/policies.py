"""Policies, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.core.governance.policies import PolicySet
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.look_up import LookUp
from understudy.storage.tables.rows import Codec

_POLICIES = Codec(PolicySet)
_BY_VERSION = LookUp(_POLICIES, "policies_get", save="policies_save")


class PolicyTable:
    """Versions of applications' policies."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, application_id: str, version: int) -> PolicySet | None:
        """This version, in force or not."""
        return _BY_VERSION.get(self._db, application_id, version)

    def list(self, application_id: str) -> Sequence[PolicySet]:
        """All versions, newest first."""
        rows = self._db.all("policies_list", {"application_id": application_id})
        return [_POLICIES.read(row) for row in rows]

    def last_version(self, application_id: str) -> int:
        """The highest version that there is, whoever wrote its row; 0 for none."""
        row = self._db.one("policies_last", {"application_id": application_id})
        return int(row["version"] or 0) if row else 0

    def add(self, policies: PolicySet) -> None:
        """Insert, or refuse a version that exists."""
        self._db.change("policies_add", _POLICIES.write(policies))
        _BY_VERSION.added(self._db, policies)

    def save(self, policies: PolicySet) -> None:
        """Write that it was confirmed or withdrawn; all else stands."""
        row = _BY_VERSION.changed(self._db, policies, _BY_VERSION.written)
        self._db.change("policies_save", row)
        _BY_VERSION.saved(self._db, policies)
