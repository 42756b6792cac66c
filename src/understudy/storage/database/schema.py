"""The schema, and how a database gets there: numbered files in ``sql/migrations``, each run once.

Both databases run the same files; only names of types differ, and stand in braces. A file is
never changed once released: what it did is history. Each change of the schema ships in two
halves, so that nodes of two versions can share a database: first a file that only adds, with the
release that starts to write it; a later release removes what nobody reads any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from understudy import errors
from understudy.storage.database.connection import Dialect

Execute = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs one statement inside the migration's transaction; answers its rows."""

_FILE = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")
_STATEMENT_END = re.compile(r";[ \t]*$", re.MULTILINE)

# Texts are compared by code point on both databases: lists page by them.
_TYPES = {
    Dialect.SQLITE: {"text": "TEXT", "bigint": "INTEGER", "blob": "BLOB", "strict": " STRICT"},
    Dialect.POSTGRESQL: {
        "text": 'TEXT COLLATE "C"',
        "bigint": "BIGINT",
        "blob": "BYTEA",
        "strict": "",
    },
}


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One step of the schema."""

    number: int
    name: str
    source: str

    def statements(self, dialect: Dialect) -> Iterator[str]:
        """What to run, in order, in the words of ``dialect``."""
        text = re.sub(r"^\s*--.*\n", "", self.source, flags=re.MULTILINE)
        for statement in _STATEMENT_END.split(text):
            if statement.strip():
                yield _in_words_of(dialect, statement.strip())


@cache
def load() -> tuple[Migration, ...]:
    """Every migration, in order, numbered from 1 without gaps.

    :raises ValueError: when a number is missing or given twice.
    """
    found = sorted(_read(), key=lambda migration: migration.number)
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations must be numbered 0001, 0002, … without gaps")
    return tuple(found)


def migrate(execute: Execute, dialect: Dialect) -> None:
    """Run what is missing. The caller holds the installation's write lock, and commits.

    :raises errors.SchemaMismatch: when the database knows a migration that we do not.
    """
    execute(_history_table(dialect))
    rows = execute("SELECT number, name FROM schema_migrations ORDER BY number")
    known = {migration.number: migration.name for migration in load()}
    for number, name in rows:
        if known.get(number) != name:
            raise errors.SchemaMismatch(internal=f"the database has migration {number}, {name}")
    for migration in load()[len(rows) :]:
        for statement in migration.statements(dialect):
            execute(statement)
        execute(
            "INSERT INTO schema_migrations (number, name) "  # noqa: S608 - our own file names
            f"VALUES ({migration.number}, '{migration.name}')"
        )


def _read() -> Iterator[Migration]:
    for file in (files("understudy.storage.sql") / "migrations").iterdir():
        match = _FILE.match(file.name)
        if match:
            yield Migration(number=int(match[1]), name=match[2], source=file.read_text("utf-8"))


def _history_table(dialect: Dialect) -> str:
    return _in_words_of(
        dialect,
        "CREATE TABLE IF NOT EXISTS schema_migrations "
        "(number {bigint} PRIMARY KEY, name {text} NOT NULL){strict}",
    )


def _in_words_of(dialect: Dialect, sql: str) -> str:
    for name, word in _TYPES[dialect].items():
        sql = sql.replace("{" + name + "}", word)
    return sql
