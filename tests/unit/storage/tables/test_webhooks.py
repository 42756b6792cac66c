"""That the outbox walks indexes, however much was sent; and how little it costs unused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from tests.contract.storage.make import NOW
from tests.unit.storage.planner import Planner
from understudy.core.notices.webhooks import DeliveryStatus
from understudy.core.ports import DeliveryFilter, Page
from understudy.storage.tables.webhooks import DeliveryTable

SEARCHES: list[Callable[[DeliveryTable], object]] = [
    lambda table: table.due(NOW, 10),
    lambda table: table.due(NOW, 10, besides=frozenset({"whe_1"})),
    lambda table: table.search(DeliveryFilter(endpoint_id="whe_1")),
    lambda table: table.search(DeliveryFilter(application_id="app_1", to_logout_url=True)),
    lambda table: table.search(
        DeliveryFilter(endpoint_id="whe_1", status=DeliveryStatus.FAILED),
        Page(after=("1", "msg_1")),
    ),
]


@pytest.mark.parametrize("search", SEARCHES)
def test_lists_walk_an_index_in_its_order(
    planned: sqlite3.Connection, search: Callable[[DeliveryTable], object]
) -> None:
    planner = Planner(planned, {})
    search(DeliveryTable(planner))  # type: ignore[arg-type]
    assert len(planner.plans) == 1
    assert "USING INDEX" in planner.plans[0]
    assert planner.sorts == []


def test_what_is_pending_is_counted_among_what_is_pending(planned: sqlite3.Connection) -> None:
    planner = Planner(planned, {})
    DeliveryTable(planner).pending()  # type: ignore[arg-type]
    assert all("webhook_deliveries_due" in plan for plan in planner.plans)


@pytest.mark.parametrize(
    ("which", "index"),
    [
        ({"subject_ref": "sub_1"}, "webhook_deliveries_by_subject"),
        ({"indexes": ("1", "2")}, "webhook_deliveries_by_entry"),
    ],
)
def test_forgetting_finds_its_deliveries_by_index(
    planned: sqlite3.Connection, which: dict[str, str], index: str
) -> None:
    planner = Planner(planned, {})
    planner.all("webhook_attempts_forget", which)
    assert any(index in plan for plan in planner.plans), planner.plans
    planner.plans.clear()
    planner.all("webhook_deliveries_cancel", {**which, "now": 1})
    assert not any(plan.startswith("SCAN") for plan in planner.plans), planner.plans
