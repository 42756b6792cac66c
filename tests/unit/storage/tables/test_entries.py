"""That every search of the audit log walks an index, however long the log has become."""

from __future__ import annotations

import sqlite3

import pytest

from tests.contract.storage.test_entries import filters
from tests.unit.storage.planner import Planner
from understudy.core.ids import ActorRef, OrganizationRef, SessionId, SubjectRef
from understudy.core.notices.events import EventType, Outcome
from understudy.core.ports import EntryFilter
from understudy.storage.database.connection import Params, Row
from understudy.storage.tables.entries import _OFTEN, EntryTable

ROWS: dict[str, list[Row]] = {
    "entries_of_grant": [{"id": "ses_1"}],
    "entries_first_since": [{"idx": 256}],
    "entries_last_before": [{"idx": 512}],
    "entries_type_occurs": [{"idx": 7}],
}


STARTED = frozenset({EventType.SESSION_STARTED})
ENDED = frozenset({EventType.SESSION_ENDED})
DENIED = frozenset({EventType.GRANT_DENIED})
COMPLETED = frozenset({EventType.ACTION_COMPLETED})


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
        (EntryFilter(session_id=SessionId("s"), application_id="a"), "log_entries_by_session"),
        (EntryFilter(subject_ref=SubjectRef("s"), application_id="a"), "log_entries_by_subject"),
        (EntryFilter(actor_ref=ActorRef("s"), application_id="a"), "log_entries_by_actor"),
        (EntryFilter(actor_ref=ActorRef("s"), types=ENDED), "log_entries_by_actor_and_type"),
        (
            EntryFilter(actor_ref=ActorRef("s"), types=ENDED | DENIED),
            "log_entries_by_actor_and_type",
        ),
        (EntryFilter(actor_ref=ActorRef("s"), types=COMPLETED), "log_entries_by_actor"),
        (EntryFilter(actor_ref=ActorRef("s"), types=COMPLETED | ENDED), "log_entries_by_actor"),
        (
            EntryFilter(actor_ref=ActorRef("s"), subject_ref=SubjectRef("u"), types=ENDED),
            "log_entries_by_subject",
        ),
        (
            EntryFilter(organization_ref=OrganizationRef("o"), actor_ref=ActorRef("s")),
            "log_entries_by_organization",
        ),
        (EntryFilter(application_id="a"), "log_entries_by_application"),
        (EntryFilter(types=STARTED, application_id="a"), "log_entries_by_type"),
        (EntryFilter(types=STARTED, outcome=Outcome.OK), "log_entries_by_type"),
        (EntryFilter(), "log_entries"),
    ],
)
def test_the_filter_that_leaves_the_fewest_rows_chooses_the_index(
    planned: sqlite3.Connection, where: EntryFilter, index: str
) -> None:
    plans = planner_after(planned, where).plans
    # Whether anybody has such an entry is asked before.
    asking = Planner(planned, ROWS)
    asking.one("entries_type_occurs", {"type": "t"})
    if index != "log_entries_by_type":
        plans = [plan for plan in plans if plan not in asking.plans]
    others = [plan for plan in plans if "log_entries_by_doer" not in plan.split()]
    # What an actor did to others is found beside what they did as an actor.
    assert (len(others) < len(plans)) == index.startswith("log_entries_by_actor")
    assert all(index in plan.split() for plan in others)


def test_by_type_alone_what_is_kept_and_what_is_left_of_the_rest_walk_an_index_each(
    planned: sqlite3.Connection,
) -> None:
    planner = Planner(planned, ROWS)
    EntryTable(planner).search(EntryFilter(types=STARTED))  # type: ignore[arg-type]
    kept, erased = planner.plans
    assert "log_entries_by_type" in kept.split()
    assert "log_entries_erased_by_type" in erased.split()


@pytest.mark.parametrize("held", [(), ("sub_1", "sub_2")])
def test_what_has_grown_old_is_found_among_what_its_application_still_has(
    planned: sqlite3.Connection, held: tuple[str, ...]
) -> None:
    planner = Planner(planned, {})
    where: Params = {"application_id": "a", "first": 0, "end": 9, "moment": 1, "held": held}
    where = {**where, "lasting": ("audit.erased",)}
    planner.all("entries_due", {**where, "limit": 5})
    planner.one("entries_count_due", where)
    planner.one("entries_first_young", where)
    assert len(planner.plans) == 3
    assert all("log_entries_by_application" in plan.split() for plan in planner.plans)
    assert planner.sorts == []


def test_the_place_of_a_moment_is_looked_up_in_the_index_of_times(
    planned: sqlite3.Connection,
) -> None:
    planner = Planner(planned, {})
    planner.one("entries_first_since", {"time_ms": 1})
    planner.one("entries_last_before", {"time_ms": 1})
    assert len(planner.plans) == 2
    assert all("log_entries_by_time" in plan for plan in planner.plans)


def test_the_types_that_are_often_are_those_that_the_index_leaves_out(
    planned: sqlite3.Connection,
) -> None:
    (text,) = planned.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'log_entries_by_actor_and_type'"
    ).fetchone()
    assert {event_type for event_type in EventType if f"'{event_type}'" in text} == _OFTEN
