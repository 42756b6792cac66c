"""That searches for grants walk an index, however many there have been."""

from __future__ import annotations

import itertools
import sqlite3
from typing import Any

import pytest

from tests.contract.storage.make import NOW
from tests.unit.storage.planner import Planner
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.ports import GrantFilter, Page
from understudy.storage.tables.grants import GrantTable

FIELDS = ("application_id", "actor_ref", "subject_ref")
PAGES = [Page(), Page(after=("1", "grt_1"))]


@pytest.mark.parametrize(
    "statuses", [set(), {GrantStatus.PENDING}, {GrantStatus.PENDING, GrantStatus.DENIED}]
)
def test_every_combination_of_filters_walks_one_index_in_its_order(
    planned: sqlite3.Connection, statuses: set[GrantStatus]
) -> None:
    for size in range(len(FIELDS) + 1):
        for names in itertools.combinations(FIELDS, size):
            fields: dict[str, Any] = dict.fromkeys(names, "x")
            where = GrantFilter(statuses=frozenset(statuses), **fields)
            planner = Planner(planned, {})
            for page in PAGES:
                GrantTable(planner).search(where, page)  # type: ignore[arg-type]
            assert len(planner.plans) == 2
            assert planner.sorts == [], where


def test_open_grants_are_looked_for_among_the_open_ones(planned: sqlite3.Connection) -> None:
    planner = Planner(planned, {})
    table = GrantTable(planner)  # type: ignore[arg-type]
    table.search(GrantFilter(statuses=frozenset({GrantStatus.READY})))
    table.expired(NOW, 10)
    assert len(planner.plans) == 2
    assert all("grants_open" in plan for plan in planner.plans)
