"""Somebody who can write SQL changes the log: verification says that, and where.

The columns are read from the schema, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.integration.proof.place import Sql
from tests.integration.proof.written_log import TABLES, WrittenLog
from understudy.audit.entries.findings import Report
from understudy.core.notices.events import EventType
from understudy.storage.database import schema
from understudy.storage.database.connection import Dialect
from understudy.storage.database.migrations import Port, load

CHANGES = 6
"""Random changes of each column, on each database."""
DECIDED = (
    *("approval", "case", "consent", "glass", "honey", "policies", "redaction", "review"),
    *("safeguard", "unlock"),
)
"""What others than the actor decide, and what is found of them."""
RARE = {
    EventType.GRANT_REQUESTED,
    EventType.OPERATOR_DISABLED,
    EventType.OPERATOR_ENABLED,
    EventType.OPERATOR_CONFIRMED,
    EventType.OPERATOR_PASSWORD_CHANGED,
    EventType.OPERATOR_TAKEN_OVER,
    EventType.OPERATOR_OWNER_CONFIRMED,
    EventType.OPERATOR_DISOWNED,
    EventType.APPLICATION_DISABLED,
    EventType.ORGANIZATION_DELETED,
    EventType.ENDING_LATE,
    EventType.SESSION_NARROWED,
    EventType.SUBJECT_UNPROTECTED,
    EventType.SUBJECTS_OPENED,
    EventType.SUBJECTS_READ,
    EventType.ENDING_ORPHANED,
    EventType.CLOCK_LEAPT,
    EventType.CLOCK_RETURNED,
    EventType.CLOCK_ADOPTED,
    EventType.CLOCK_CONFIRMED,
    EventType.ROW_FORGED,
    *(one for one in EventType if one.partition(".")[0] in DECIDED),
}
"""What the log under test does without: said like what it has."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of one of the log's tables, as the schema declares it."""

    table: str
    name: str
    type: str
    nullable: bool
    in_key: bool

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> Sequence[Column]:
    """Every column of every table of the log, from the migrations themselves."""
    raw = sqlite3.connect(":memory:")
    port = Port(Dialect.SQLITE, lambda sql, values: raw.execute(sql, values).fetchall())
    schema.make(port, load())
    found = [
        Column(table=table, name=name, type=type_, nullable=not (required or key), in_key=bool(key))
        for table in TABLES
        for _, name, type_, required, _, key in raw.execute(f"PRAGMA table_info({table})")
    ]
    raw.close()
    return found


def test_log_under_test_is_sound_although_something_was_erased(log: WrittenLog) -> None:
    report = log.verify()
    assert report.findings == ()
    assert (report.entries, report.erased_personal, report.erased_core) == (
        log.size,
        log.erased,
        0,
    )
    assert log.erased > 100
    assert log.types == set(EventType) - RARE


def test_both_databases_have_the_columns_that_are_tampered_with(log: WrittenLog) -> None:
    with log.place.sql() as sql:
        for table in TABLES:
            names = [column.name for column in columns() if column.table == table]
            sql.rows(f"SELECT {', '.join(names)} FROM {table}")
            row = sql.rows(f"SELECT * FROM {table} LIMIT 1")[0]
            assert len(row) == len(names), table


@pytest.mark.parametrize("column", columns(), ids=str)
def test_change_of_any_column_is_found_and_named(
    log: WrittenLog, column: Column, chance: random.Random
) -> None:
    with log.place.sql() as sql:
        sql.drop_checks(TABLES)
        for _ in range(CHANGES):
            change = any_change(sql, column, chance)
            report = log.verify()
            require_named(report, change)
            log.restore()
    assert log.verify().ok


@dataclass(frozen=True, kw_only=True)
class Change:
    """What was done, and the index that verification should name; None for the log as a whole."""

    text: str
    index: int | None


def any_change(sql: Sql, column: Column, chance: random.Random) -> Change:
    """Give one row another value in this column."""
    table = column.table
    keys = [one.name for one in columns() if one.table == table and one.in_key]
    rows = sql.rows(f"SELECT {', '.join(keys)}, {column.name} FROM {table}")
    for _ in range(1000):
        *key, before = chance.choice(rows)
        after = other_value(column, plain(before), [plain(row[-1]) for row in rows], chance)
        where = " AND ".join(f"{name} = ?" for name in keys)
        statement = f"UPDATE {table} SET {column.name} = ? WHERE {where}"
        try:
            changed = sql.change(statement, after, *key)
        except (sqlite3.IntegrityError, psycopg.IntegrityError):
            continue  # a value that another row has already, where none may come twice
        assert changed == 1
        text = f"{column} of {key}: {before!r} became {after!r}"
        return Change(text=text, index=blamed(column, key, before, after))
    raise AssertionError(f"no value fits {column}")


def other_value(column: Column, before: Any, others: Sequence[Any], chance: random.Random) -> Any:
    """A value that may stand in this column and does not stand there."""
    ways: list[Callable[[], Any]] = [lambda: chance.choice(others)]
    if column.nullable:
        ways.append(lambda: None)
    if column.type == "INTEGER":
        ways += [lambda: (before or 0) + chance.choice((-1, 1, 256, 1000, 1 << 40))]
    elif column.type == "BLOB":
        ways += [lambda: flipped(before or bytes(32), chance), lambda: chance.randbytes(32)]
        ways += [lambda: (before or b"")[:-32], lambda: (before or b"") + chance.randbytes(32)]
    else:
        ways += [lambda: (before or "") + " ", lambda: respelled(before or "{}", chance)]
        ways += [lambda: "", (before or "x").swapcase]
    while True:
        after = chance.choice(ways)()
        if after != before and (column.nullable or after is not None):
            return after


def flipped(value: bytes, chance: random.Random) -> bytes:
    changed = bytearray(value)
    changed[chance.randrange(len(value))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def respelled(value: str, chance: random.Random) -> str:
    """One character became another one."""
    if not value:
        return "x"
    at = chance.randrange(len(value))
    return value[:at] + chance.choice("aZ0=/ \n") + value[at + 1 :]


def blamed(column: Column, key: Sequence[int], before: Any, after: Any) -> int | None:
    """The entry that the change is about: the first one, where it is about a tile of many."""
    if column.table == "log_head":
        return None
    if column.table == "log_entries":
        return key[0]
    level, tile_index = key
    if column.name == "hashes" and level == 0 and len(before) == len(after):
        place = next(
            at for at, (one, two) in enumerate(zip(before, after, strict=True)) if one != two
        )
        return 256 * tile_index + place // 32
    return (256 * tile_index) << (8 * level)


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def require_named(report: Report, change: Change) -> None:
    """The report is no clean one, and tells of the entry that is to blame."""
    assert not report.ok, change.text
    indexes = {finding.index for finding in report.findings}
    assert change.index in indexes, (change.text, report.findings[:5])
