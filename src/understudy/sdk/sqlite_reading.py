"""What SQLite may do for whoever only reads: an authorizer, asked for each part of a statement."""

from __future__ import annotations

import sqlite3

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
        "read_uncommitted",  # set by SQLAlchemy for a level of isolation; what is seen by it stays
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
"""Pragmas that change nothing but what is seen, of which some set something with a value."""
_SETTING = frozenset({"foreign_keys"})
_REFUSED = frozenset({sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY})
_LOADS = "load_extension"
_PRIMARY = 0xFF
"""The part of an error's code that its extended codes have in common."""


class Authorizer:
    """Called by SQLite; ``refused`` is the table that it was last kept from changing."""

    def __init__(self) -> None:
        self.refused: str | None = None

    def __call__(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        """Whether this part of a statement may be."""
        if action in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second != _LOADS):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and first in _SHOWING:
            is_set = second is not None and first in _SETTING
            return sqlite3.SQLITE_DENY if is_set else sqlite3.SQLITE_OK
        self.refused = first if action in _NAMES_TABLE else None
        # Never to ignore it, which lets a DELETE of whole tables go on.
        return sqlite3.SQLITE_DENY


def is_refusal(error: BaseException) -> bool:
    """Whether ``error`` says that something was not done for whoever only reads."""
    return (getattr(error, "sqlite_errorcode", 0) & _PRIMARY) in _REFUSED
