"""That every search of the audit log walks an index, however long the log has become."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.contract.storage.test_entries import filters
from understudy.core.ports import EntryFilter
from understudy.storage.connection import Params, Row
from understudy.storage.entries import EntryTable
from understudy.storage.queries import Statements, colon_style, load
from understudy.storage.sqlite import SqliteDatabase


class Planner:
    """Stands for a transaction: says how SQLite would run what it is asked."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._statements = Statements(load(), colon_style)
        self.plans: list[str] = []

    def all(self, query: str, params: Params = {}) -> list[Row]:  # noqa: B006 - never changed
        if query == "entries_of_grant":
            return [{"id": "ses_1"}]
        sql, flat = self._statements.resolve(query, params)
        self.plans += [row[3] for row in self._raw.execute(f"EXPLAIN QUERY PLAN {sql}", flat)]
        return []

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        self.all(query, params)
        return {"idx": 5, "size": 9}

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        return iter(self.all(query, params))


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("plans") / "understudy.db"
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def plans(raw: sqlite3.Connection, where: EntryFilter) -> list[str]:
    planner = Planner(raw)
    table = EntryTable(planner)  # type: ignore[arg-type]
    table.search(where)
    table.search(where, before=10)
    list(table.stream(where))
    return planner.plans


def test_every_combination_of_filters_walks_one_index_in_its_order(
    raw: sqlite3.Connection,
) -> None:
    for where in filters():
        found = plans(raw, where)
        assert found
        assert not [plan for plan in found if "TEMP B-TREE" in plan or "MULTI-INDEX" in plan], where


@pytest.mark.parametrize(
    ("where", "index"),
    [
        (EntryFilter(session_id="s", application_id="a"), "log_entries_by_session"),
        (EntryFilter(subject_ref="s", application_id="a"), "log_entries_by_subject"),
        (EntryFilter(actor_ref="s", application_id="a"), "log_entries_by_actor"),
        (EntryFilter(organization_ref="o", actor_ref="s"), "log_entries_by_organization"),
        (EntryFilter(application_id="a"), "log_entries_by_application"),
    ],
)
def test_the_filter_that_leaves_the_fewest_rows_chooses_the_index(
    raw: sqlite3.Connection, where: EntryFilter, index: str
) -> None:
    assert all(index in plan for plan in plans(raw, where))


def test_the_place_of_a_moment_is_looked_up_in_the_index_of_times(raw: sqlite3.Connection) -> None:
    planner = Planner(raw)
    planner.one("entries_first_since", {"time_ms": 1})
    planner.one("entries_last_before", {"time_ms": 1})
    assert all("log_entries_by_time" in plan for plan in planner.plans)
