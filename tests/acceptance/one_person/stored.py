"""The app's own database: what was typed, and into whose account it went."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_MISPLACED = """
SELECT user_id, text, how FROM stored
WHERE text LIKE ? AND substr(text, 1, length(user_id) + 5) <> 'for ' || user_id || ' '
"""


def text_for(user: str, cell: str) -> str:
    """What is typed: it names whom it was typed for, and in which cell of the matrix."""
    return f"for {user} in {cell}."


def is_misplaced(user: str, text: str) -> bool:
    """Whether ``text`` was typed for anybody but ``user``."""
    return not text.startswith(f"for {user} ")


class Stored:
    """The table in which the app keeps what it is sent. Safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connected() as connection:
            connection.execute("CREATE TABLE stored (user_id TEXT, text TEXT, how TEXT)")

    def write(self, user_id: str, text: str, how: str) -> None:
        """What the app does with a request, for whomever it takes it."""
        with self._connected() as connection:
            connection.execute("INSERT INTO stored VALUES (?, ?, ?)", (user_id, text, how))

    def misplaced(self, cell: str) -> list[tuple[str, str, str]]:
        """What was typed for one person and is stored for another."""
        with self._connected() as connection:
            return connection.execute(_MISPLACED, (f"%in {cell}.%",)).fetchall()

    def ways(self, cell: str, user: str) -> set[str]:
        """By which carriers something of a cell came into ``user``'s account."""
        query = "SELECT how FROM stored WHERE user_id = ? AND text LIKE ?"
        with self._connected() as connection:
            found = connection.execute(query, (user, f"%in {cell}.%")).fetchall()
        return {how for (how,) in found}

    def _connected(self) -> sqlite3.Connection:
        return _Closing(self._path, isolation_level=None)


class _Closing(sqlite3.Connection):
    """Closes at the end of its block, which the library's own does not."""

    def __exit__(self, *error: object) -> None:  # type: ignore[override]
        self.close()
