"""The index of letters in a SQLite file, and how those who wait are taken into it.

Triggers note whose text it lacks (migration 13). A trigger could not fill it: what a schema does by
itself may not reach a virtual table here (``trusted_schema``). Whoever commits does, many at once.
"""

from __future__ import annotations

import logging
import sqlite3

MOST_WAITING = 1_024
"""So many new ones may wait: each search looks at them."""
AT_ONCE = 2_048
"""So many are taken in by one commit, in some 25 ms."""

# What somebody was called before must not wait: it is to be gone from the file.
_IS_DUE = """
SELECT 1 FROM subjects_unread WHERE was IS NOT NULL
UNION ALL SELECT 1 FROM (SELECT subject FROM subjects_unread LIMIT 1 OFFSET :most_waiting - 1)
LIMIT 1
"""
_STATEMENTS = (
    """
    INSERT INTO subject_letters (subject_letters, rowid, folded_text)
    SELECT 'delete', subject, was || char(10) || char(10) || char(2)
        || (SELECT substr('00' || application_id, -2) FROM subjects WHERE rowid = subject)
    FROM subjects_unread
    WHERE was IS NOT NULL LIMIT :at_once
    """,
    # From here on they are as if they were new.
    """
    UPDATE subjects_unread SET was = NULL WHERE subject IN (
        SELECT subject FROM subjects_unread WHERE was IS NOT NULL LIMIT :at_once
    )
    """,
    """
    INSERT INTO subject_letters (rowid, folded_text)
    SELECT rowid, folded_text || char(10) || char(10) || char(2)
        || substr('00' || application_id, -2)
    FROM subjects
    WHERE rowid IN (SELECT subject FROM subjects_unread ORDER BY subject LIMIT :at_once)
    """,
    """
    DELETE FROM subjects_unread
    WHERE subject IN (SELECT subject FROM subjects_unread ORDER BY subject LIMIT :at_once)
    """,
)

_logger = logging.getLogger(__name__)


def take_in(raw: sqlite3.Connection) -> None:
    """Take those who wait into the index, in the transaction that is about to be committed.

    Where that fails they go on waiting, and are found: nothing that was to be written depends on
    an index.

    :raises sqlite3.Error: when the transaction itself is gone.
    """
    if not _is_due(raw):
        return
    raw.execute("SAVEPOINT letters")
    try:
        for statement in _STATEMENTS:
            raw.execute(statement, {"at_once": AT_ONCE})
    except sqlite3.DatabaseError:
        if not raw.in_transaction:
            raise
        _logger.warning("index of letters not written", extra={"action": "take_in_letters"})
        raw.execute("ROLLBACK TO letters")
    raw.execute("RELEASE letters")


def _is_due(raw: sqlite3.Connection) -> bool:
    try:
        return raw.execute(_IS_DUE, {"most_waiting": MOST_WAITING}).fetchone() is not None
    except sqlite3.OperationalError:  # a schema of before
        return False
