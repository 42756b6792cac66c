"""People are found by any letters of their names without a look at everybody.

An index knows every three letters in a row of what a search looks through (``folded_text``), two
line feeds behind it, so that one or two letters are always the beginning of such a three. One more
stands for the application: a character that no name needs, and the last two of its id.

PostgreSQL keeps it as an index of an expression. SQLite has a full-text table without a copy of
the text. Triggers note in ``subjects_unread`` whose text is not in it, with the text that is; who
commits takes them in, hundreds at once, as one by one takes four times as long. Searches look at
those who wait as well, so that who was saved by a node of before is found alike.

Rows are told by their ``rowid``, which stays: no row of people is ever deleted, so that a file that
is made anew by VACUUM numbers them alike.
"""

from __future__ import annotations

from understudy.errors import SetupError
from understudy.storage.database.connection import Dialect
from understudy.storage.database.migrations import Index, Port

COMPATIBLE_FROM = 11
AT_ONCE = 2_000

INDEXES = (
    Index(
        name="subjects_by_letters",
        definition="ON subjects USING gin (name_letters(folded_text, application_id))",
        only=Dialect.POSTGRESQL,
    ),
)

_POSTGRESQL = """
CREATE FUNCTION name_letters(folded_text TEXT, application_id TEXT) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT substr(folded_text || chr(10) || chr(10), place, 3)
        FROM generate_series(1, length(folded_text)) AS place
    ) || (chr(2) || right('00' || application_id, 2)))
$$
"""

_UNREAD = "SELECT subject FROM subjects_unread ORDER BY subject LIMIT :limit"
_READ = (
    """
    INSERT INTO subject_letters (subject_letters, rowid, folded_text)
    SELECT 'delete', subject, was || char(10) || char(10) || char(2)
        || (SELECT substr('00' || application_id, -2) FROM subjects WHERE rowid = subject)
    FROM subjects_unread
    WHERE was IS NOT NULL
        AND subject IN (SELECT subject FROM subjects_unread ORDER BY subject LIMIT :limit)
    """,
    """
    INSERT INTO subject_letters (rowid, folded_text)
    SELECT rowid, folded_text || char(10) || char(10) || char(2)
        || substr('00' || application_id, -2)
    FROM subjects
    WHERE rowid IN (SELECT subject FROM subjects_unread ORDER BY subject LIMIT :limit)
    """,
    """
    DELETE FROM subjects_unread
    WHERE subject IN (SELECT subject FROM subjects_unread ORDER BY subject LIMIT :limit)
    """,
)
_SQLITE = (
    "CREATE VIRTUAL TABLE subject_letters USING fts5 (folded_text, content='', columnsize=0,"
    " detail=none, tokenize='trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE subject_terms USING fts5vocab (subject_letters, row)",
    "CREATE TABLE subjects_unread (subject INTEGER PRIMARY KEY, was TEXT) STRICT",
    "CREATE INDEX subjects_unread_renamed ON subjects_unread (subject) WHERE was IS NOT NULL",
    "INSERT INTO subjects_unread (subject) SELECT rowid FROM subjects",
    """
    CREATE TRIGGER subjects_added AFTER INSERT ON subjects
    BEGIN
        INSERT INTO subjects_unread (subject) SELECT new.rowid
        WHERE NOT EXISTS (SELECT 1 FROM subjects_unread WHERE subject = new.rowid);
    END
    """,
    """
    CREATE TRIGGER subjects_renamed AFTER UPDATE OF folded_text ON subjects
    WHEN old.folded_text <> new.folded_text
    BEGIN
        INSERT INTO subjects_unread (subject, was) SELECT old.rowid, old.folded_text
        WHERE NOT EXISTS (SELECT 1 FROM subjects_unread WHERE subject = old.rowid);
    END
    """,
)


def expand(port: Port) -> None:
    """Make what later rows are noted in.

    :raises SetupError: when this SQLite was built without full-text search.
    """
    if port.dialect is Dialect.POSTGRESQL:
        port.execute(_POSTGRESQL)
        return
    if port.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')") == [(0,)]:
        raise SetupError(
            "The SQLite of this Python has no full-text search. Take one that was built with FTS5."
        )
    for statement in _SQLITE:
        port.execute(statement)


def fill(port: Port) -> int:
    """Read a slice of those who were there before."""
    if port.dialect is Dialect.POSTGRESQL:
        return 0
    slice_of = {"limit": AT_ONCE}
    waiting = len(port.execute(_UNREAD, slice_of))
    if waiting:
        for statement in _READ:
            port.execute(statement, slice_of)
    return waiting
