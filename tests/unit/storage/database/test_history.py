"""Where steps are noted: what release 0.1 sees of them, and what it does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from understudy.storage.database import history
from understudy.storage.database.connection import Dialect
from understudy.storage.database.migrations import Migration, Port
from understudy.storage.database.state import Step


@pytest.fixture
def raw() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        yield opened


@pytest.fixture
def port(raw: sqlite3.Connection) -> Port:
    return Port(Dialect.SQLITE, lambda sql, params: raw.execute(sql, params).fetchall())


def migration(number: int, *, compatible_from: int) -> Migration:
    return Migration(
        number=number,
        name=f"m{number}",
        compatible_from=compatible_from,
        expand=lambda port: None,
    )


def seen_by_the_first_release(raw: sqlite3.Connection) -> list[tuple[int, str]]:
    return raw.execute("SELECT number, name FROM schema_migrations ORDER BY number").fetchall()


def test_a_new_database_has_no_steps(port: Port) -> None:
    assert history.steps_of(port) == []


def test_what_the_first_release_noted_is_known(port: Port, raw: sqlite3.Connection) -> None:
    raw.execute("CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    raw.execute("INSERT INTO schema_migrations VALUES (2, 'm2'), (1, 'm1')")
    expected = [Step(number=n, name=f"m{n}", compatible_from=n) for n in (1, 2)]
    assert history.steps_of(port) == expected


def test_what_admits_the_first_release_is_not_shown_to_it(
    port: Port, raw: sqlite3.Connection
) -> None:
    history.make_tables(port)
    for number in (1, 2, 3):
        history.add(port, migration(number, compatible_from=min(number, 2)), finished=True)
    assert seen_by_the_first_release(raw) == [(1, "m1"), (2, "m2")]
    assert history.steps_of(port)[2] == Step(number=3, name="m3", compatible_from=2)


def test_what_does_not_admit_the_first_release_makes_it_refuse(
    port: Port, raw: sqlite3.Connection
) -> None:
    history.make_tables(port)
    history.add(port, migration(4, compatible_from=3), finished=True)
    assert seen_by_the_first_release(raw) == [(4, "m4")]
    assert history.steps_of(port) == [Step(number=4, name="m4", compatible_from=3)]


def test_the_progress_of_a_back_fill_is_noted(port: Port) -> None:
    history.make_tables(port)
    step = migration(3, compatible_from=2)
    history.add(port, step, finished=False)
    for rows in (500, 20):
        history.add_rows(port, step, rows)
    (begun,) = history.steps_of(port)
    history.finish(port, step)
    (done,) = history.steps_of(port)
    assert (begun.rows_done, begun.finished, done.rows_done, done.finished) == (520, 0, 520, 1)
