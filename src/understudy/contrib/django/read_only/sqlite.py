"""SQLite: statements that write are refused while they are prepared, and again while they run."""

from __future__ import annotations

import sqlite3
from typing import Any

from understudy.sdk.held_reads import table_in

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
_NAMES_TABLE = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_SHOWING = frozenset(
    {
        "database_list",
        "foreign_key_list",
        "foreign_keys",
        "index_info",
        "index_list",
        "index_xinfo",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
"""Pragmas that show the schema. With a value some of them set something."""
_SETTING = frozenset({"foreign_keys"})
_REFUSED = frozenset({sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY})
_LOADS = "load_extension"
_PRIMARY = 0xFF
"""The part of an error's code that its extended codes have in common."""


class SQLiteKeeper:
    """By an authorizer, which knows the table, and ``query_only``, which knows what was prepared.

    Begins no transaction that takes the file's lock at once: it is for those who write.
    """

    def __init__(self) -> None:
        self._is_held = False
        self._mode: str | None = None
        self._refused: str | None = None

    def hold(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.hold``."""
        if self._is_held:
            return
        # The pragma first: from then on none is allowed.
        wrapper.connection.execute("PRAGMA query_only = ON")
        wrapper.connection.set_authorizer(self._judge)
        self._mode, self._is_held = wrapper.transaction_mode, True
        if self._mode is not None:
            wrapper.transaction_mode = "DEFERRED"

    def let_go(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.let_go``."""
        if self._is_held:
            wrapper.connection.set_authorizer(None)
            wrapper.connection.execute("PRAGMA query_only = OFF")
            wrapper.transaction_mode, self._is_held = self._mode, False

    def before_transaction(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.before_transaction``."""

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Keeper.is_refusal``."""
        return (getattr(error, "sqlite_errorcode", 0) & _PRIMARY) in _REFUSED

    def table_of(self, wrapper: Any, statement: object) -> str | None:  # noqa: ANN401
        """See ``Keeper.table_of``."""
        found, self._refused = self._refused, None
        return found or table_in(statement)

    def _judge(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        if action in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second != _LOADS):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and first in _SHOWING:
            is_set = second is not None and first in _SETTING
            return sqlite3.SQLITE_DENY if is_set else sqlite3.SQLITE_OK
        self._refused = first if action in _NAMES_TABLE else None
        # Never to ignore it, which lets a DELETE of whole tables go on.
        return sqlite3.SQLITE_DENY
