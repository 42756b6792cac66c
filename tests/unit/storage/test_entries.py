"""That every search of the audit log walks an index, however long the log has become."""

from __future__ import annotations

import sqlite3

import pytest

from tests.contract.storage.test_entries import filters
from tests.unit.storage.planner import Planner
from understudy.core.ports import EntryFilter
from understudy.storage.connection import Row
from understudy.storage.entries import EntryTable

ROWS: dict[str, list[Row]] = {
    "entries_of_grant": [{"id": "ses_1"}],
    "entries_first_since": [{"idx": 256}],
    "entries_last_before": [{"idx": 512}],
}


def planner_after(raw: sqlite3.Connection, where: EntryFilter) -> Planner:
    planner = Planner(raw, ROWS)
    table = EntryTable(planner)  # type: ignore[arg-type]
    table.search(where)
    table.search(where, before=10)
    list(table.stream(where))
    return planner


def test_every_combination_of_filters_walks_one_index_in_its_order(
    planned: sqlite3.Connection,
) -> None:
    for where in filters():
        planner = planner_after(planned, where)
        assert planner.plans
        assert planner.sorts == [], where


@pytest.mark.parametrize(
    ("where", "index"),
    [
        (EntryFilter(session_id="s", application_id="a"), "log_entries_by_session"),
        (EntryFilter(subject_ref="s", application_id="a"), "log_entries_by_subject"),
        (EntryFilter(actor_ref="s", application_id="a"), "log_entries_by_actor"),
        (EntryFilter(organization_ref="o", actor_ref="s"), "log_entries_by_organization"),
        (EntryFilter(application_id="a"), "log_entries_by_application"),
        (EntryFilter(), "log_entries"),
    ],
)
def test_the_filter_that_leaves_the_fewest_rows_chooses_the_index(
    planned: sqlite3.Connection, where: EntryFilter, index: str
) -> None:
    assert all(index in plan.split() for plan in planner_after(planned, where).plans)


def test_the_place_of_a_moment_is_looked_up_in_the_index_of_times(
    planned: sqlite3.Connection,
) -> None:
    planner = Planner(planned, {})
    planner.one("entries_first_since", {"time_ms": 1})
    planner.one("entries_last_before", {"time_ms": 1})
    assert len(planner.plans) == 2
    assert all("log_entries_by_time" in plan for plan in planner.plans)
