"""That searches for sessions walk an index, however many there have been."""

from __future__ import annotations

import itertools
import sqlite3
from typing import Any

import pytest

from tests.contract.storage.make import NOW
from tests.fixtures.vault import VAULT
from tests.unit.storage.planner import Planner
from understudy.core.ports import Page, SessionFilter, SessionState
from understudy.storage.tables.sessions import SessionTable

FIELDS = ("application_id", "grant_id", "actor_ref", "subject_ref", "organization_ref")
PAGES = [Page(), Page(after=("1", "ses_1"))]


@pytest.mark.parametrize("state", [None, *SessionState])
def test_every_combination_of_filters_walks_one_index_in_its_order(
    planned: sqlite3.Connection, state: SessionState | None
) -> None:
    for size in range(len(FIELDS) + 1):
        for names in itertools.combinations(FIELDS, size):
            fields: dict[str, Any] = dict.fromkeys(names, "x")
            where = SessionFilter(state=state, **fields)
            planner = Planner(planned, {})
            for page in PAGES:
                SessionTable(planner, VAULT).search(where, page)  # type: ignore[arg-type]
            assert len(planner.plans) == 2
            assert planner.sorts == [], where


def test_live_sessions_are_counted_without_a_look_at_the_others(
    planned: sqlite3.Connection,
) -> None:
    planner = Planner(planned, {})
    SessionTable(planner, VAULT).count_live()  # type: ignore[arg-type]
    assert planner.plans == ["SCAN sessions USING INDEX sessions_live"]


def test_due_sessions_are_looked_for_among_the_live_ones(planned: sqlite3.Connection) -> None:
    planner = Planner(planned, {})
    SessionTable(planner, VAULT).due(NOW, 10)  # type: ignore[arg-type]
    assert planner.plans == ["SCAN sessions USING INDEX sessions_live"]
