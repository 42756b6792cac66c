"""How migrations are read and run."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from understudy import errors
from understudy.storage.database import schema
from understudy.storage.database.connection import Dialect
from understudy.storage.database.schema import Migration, load, migrate

ONE = Migration(
    number=1,
    name="initial",
    source="-- One; two.\nCREATE TABLE a (id {text}){strict};\n\nCREATE TABLE b;",
)


class Recorder:
    """Stands for a database that has run some migrations."""

    def __init__(self, *history: tuple[int, str]) -> None:
        self._history = history
        self.ran: list[str] = []

    def __call__(self, statement: str) -> Sequence[tuple[object, ...]]:
        if statement.startswith("SELECT"):
            return self._history
        self.ran.append(statement)
        return []


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (Dialect.SQLITE, "CREATE TABLE a (id TEXT) STRICT"),
        (Dialect.POSTGRESQL, 'CREATE TABLE a (id TEXT COLLATE "C")'),
    ],
)
def test_a_migration_speaks_the_words_of_the_database(dialect: Dialect, expected: str) -> None:
    assert list(ONE.statements(dialect)) == [expected, "CREATE TABLE b"]


def test_ours_are_numbered_without_gaps_and_leave_no_braces() -> None:
    assert [migration.number for migration in load()] == list(range(1, len(load()) + 1))
    for migration in load():
        for dialect in Dialect:
            statements = list(migration.statements(dialect))
            assert not [one for one in statements if re.search(r"\{\w+\}|--", one)]


@pytest.mark.parametrize("numbers", [(2,), (1, 3), (1, 1)])
def test_gaps_and_doubles_in_the_numbers_are_refused(
    monkeypatch: pytest.MonkeyPatch, numbers: tuple[int, ...]
) -> None:
    found = [Migration(number=number, name="x", source="") for number in numbers]
    monkeypatch.setattr(schema, "_read", lambda: iter(found))
    load.cache_clear()
    with pytest.raises(ValueError, match="without gaps"):
        load()
    load.cache_clear()


def test_only_what_is_missing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Migration(number=2, name="more", source="CREATE TABLE c;")
    monkeypatch.setattr(schema, "load", lambda: (ONE, two))
    recorder = Recorder((1, "initial"))
    migrate(recorder, Dialect.SQLITE)
    assert recorder.ran[1:] == [
        "CREATE TABLE c",
        "INSERT INTO schema_migrations (number, name) VALUES (2, 'more')",
    ]


@pytest.mark.parametrize("history", [(2, "unheard of"), (1, "of another kind")])
def test_a_history_that_is_not_ours_is_refused(
    monkeypatch: pytest.MonkeyPatch, history: tuple[int, str]
) -> None:
    monkeypatch.setattr(schema, "load", lambda: (ONE,))
    recorder = Recorder(history)
    with pytest.raises(errors.SchemaMismatch):
        migrate(recorder, Dialect.SQLITE)
    assert len(recorder.ran) == 1
