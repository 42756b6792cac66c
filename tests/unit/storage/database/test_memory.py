"""What is remembered, and that no statement changes it unnoticed."""

from __future__ import annotations

import re
import sqlite3

import pytest

from understudy.storage.database.answers import NOTHING, Answers
from understudy.storage.database.connection import Dialect
from understudy.storage.database.memory import FORESEEN, NOTED, REMEMBERED, Memory, stale_after
from understudy.storage.database.statements import Query, load, parse

READS = frozenset({sqlite3.SQLITE_READ})
WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})


def touched(raw: sqlite3.Connection, query: Query, actions: frozenset[int]) -> set[str]:
    """The tables that SQLite itself says ``query`` reads, or writes."""
    found: set[str] = set()

    def note(action: int, table: str | None, *_: str | None) -> int:
        if action in actions and table is not None:
            found.add(table)
        return sqlite3.SQLITE_OK

    query = query.on(Dialect.SQLITE)
    raw.set_authorizer(note)
    text = query.text(frozenset(query.conditions))
    raw.execute(f"EXPLAIN {text}", dict.fromkeys(query.parameters))
    raw.set_authorizer(None)
    return found


def asked(answers: Answers, key: object = 1) -> list[object]:
    """What had to be asked for, when ``key`` is looked up."""
    asked: list[object] = []
    answers.get(key, asked.append)
    return asked


def only(source: str) -> Query:
    (query,) = parse(f"-- name: made_up\n-- For a test.\n{source};\n")
    return query


def test_every_statement_that_writes_a_remembered_table_notes_or_forgets(
    planned: sqlite3.Connection,
) -> None:
    for name, query in load().items():
        written = touched(planned, query, WRITES)
        changed = {known for known, table in REMEMBERED.items() if table in written}
        if name in NOTED:
            assert changed, name
        else:
            assert changed <= {*stale_after(query)}, name


def test_every_statement_that_writes_what_was_foreseen_outdates_it(
    planned: sqlite3.Connection,
) -> None:
    memory = Memory(load())
    for name, query in load().items():
        written = touched(planned, query, WRITES)
        changed = {known for known, table in FORESEEN.items() if table in written}
        assert changed <= {*memory.outdates[name]}, name


def test_a_foreseen_query_reads_one_table_and_asks_for_nothing_else(
    planned: sqlite3.Connection,
) -> None:
    for name, table in FORESEEN.items():
        assert touched(planned, load()[name], READS) == {table}
        assert touched(planned, load()[name], WRITES) == set()
        assert load()[name].parameters == ()


def test_a_remembered_query_reads_one_table_and_writes_none(planned: sqlite3.Connection) -> None:
    for name, table in REMEMBERED.items():
        assert touched(planned, load()[name], READS) == {table}
        assert touched(planned, load()[name], WRITES) == set()


def test_nothing_but_statements_changes_a_remembered_table(planned: sqlite3.Connection) -> None:
    """A trigger, or a row that goes with its parent, would go unnoticed."""
    triggers = planned.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    written = {re.findall(r"(?:INTO|UPDATE|FROM) (\w+) ?[(S]", sql)[0] for (sql,) in triggers}
    assert written <= {"subjects_unread"}
    for table in set(REMEMBERED.values()):
        actions = planned.execute(
            f"SELECT on_update, on_delete FROM pragma_foreign_key_list('{table}')"
        )
        assert set(actions) <= {("NO ACTION", "NO ACTION")}, table


@pytest.mark.parametrize(
    "source",
    [
        "REPLACE INTO grants (id) VALUES (1)",
        "WITH old AS (SELECT 1) DELETE FROM grants",
        "update grants set id = 1",
        "TRUNCATE grants",
        "INSERT INTO meta (name) SELECT id FROM grants",
    ],
)
def test_whatever_is_no_plain_select_changes_each_table_that_it_names(source: str) -> None:
    assert stale_after(only(source)) == ("grants_get",)


def test_a_statement_changes_no_table_that_it_does_not_name() -> None:
    assert stale_after(only("UPDATE operator_sessions SET id = 1")) == ()
    assert stale_after(only("SELECT id FROM grants")) == ()


def test_what_was_answered_is_not_asked_again_even_when_it_is_nothing() -> None:
    answers = Answers(10)
    assert asked(answers) == [1]
    assert asked(answers) == []
    assert asked(answers, 2) == [2]


def test_what_is_kept_is_bounded() -> None:
    answers = Answers(2)
    for key in range(3):
        asked(answers, key)
    assert asked(answers, 2) == []
    assert asked(answers, 0) == [0]


def test_a_snapshot_keeps_nothing() -> None:
    asked(NOTHING)
    NOTHING.note(1, "noted")
    assert asked(NOTHING) == [1]


@pytest.mark.parametrize(
    ("before", "after", "again"), [(1, 1, []), (1, 2, [1]), (1, None, [1]), (None, None, [1])]
)
def test_a_transaction_goes_on_with_what_is_known_only_if_nobody_has_written(
    before: object, after: object, again: list[object]
) -> None:
    memory = Memory(load())
    memory.resume(before)
    asked(memory.answers("grants_get"))
    memory.resume(after)
    assert asked(memory.answers("grants_get")) == again


def test_a_statement_makes_forgotten_what_it_changes_and_nothing_else() -> None:
    memory = Memory(load())
    memory.resume(1)
    for name in REMEMBERED:
        asked(memory.answers(name))
    memory.run("operators_save")
    forgotten = [name for name in REMEMBERED if asked(memory.answers(name))]
    assert forgotten == ["operators_by_email", "operators_by_staff_id", "operators_get"]


def test_an_unknown_statement_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Memory(load()).run("made_up")
