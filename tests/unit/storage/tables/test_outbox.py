"""What an event puts into the outbox, in one group of flows and across them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contract.storage.engines import ACTION, Clock, engine_on, one_group
from tests.contract.storage.make import application
from tests.contract.storage.test_webhooks import endpoint
from tests.fixtures.refusals import refusal_of
from understudy.core.applications.application import ApplicationSettings
from understudy.core.notices.events import SESSION_OVER, Event, EventType
from understudy.core.notices.webhooks import Delivery, DeliveryKind, DeliveryStatus, EndpointStatus
from understudy.core.ports import DeliveryFilter, Unit
from understudy.errors import Conflict
from understudy.storage.database.sqlite_connection import SqliteConnection
from understudy.storage.engine.engine import StoreEngine

STARTED = replace(ACTION, type=EventType.SESSION_STARTED, application_id="app_1")
ENDED = replace(STARTED, type=EventType.SESSION_ENDED)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[StoreEngine]:
    url = f"sqlite:///{tmp_path / 'u.db'}"
    with engine_on(url, tmp_path / "data", clock=Clock()) as opened:
        opened.run(lambda unit: unit.applications.add(application()))
        yield opened


def about_webhook(kind: EventType) -> Event:
    return Event(type=kind, application_id="app_1")


def add_endpoint(unit: Unit, **changes: Any) -> None:
    unit.webhook_endpoints.add(endpoint(**changes))
    unit.record(about_webhook(EventType.WEBHOOK_CREATED))


def delivered(engine: StoreEngine) -> list[Delivery]:
    """All deliveries, oldest entry first."""
    with engine.reading() as reader:
        found = reader.deliveries.search(DeliveryFilter())
    return sorted(found, key=lambda one: (one.entry_index or 0, one.endpoint_id or ""))


def told(engine: StoreEngine) -> list[tuple[int | None, str | None]]:
    return [(one.entry_index, one.endpoint_id) for one in delivered(engine)]


def test_an_event_is_told_to_each_endpoint_that_wants_it(engine: StoreEngine) -> None:
    def prepare(unit: Unit) -> None:
        unit.applications.add(application(id="app_2", secret_hash=bytes(31) + b"2"))
        add_endpoint(unit)
        add_endpoint(unit, id="whe_2")
        add_endpoint(unit, id="whe_3", status=EndpointStatus.DISABLED)
        add_endpoint(unit, id="whe_4", types=frozenset({EventType.SESSION_ENDED}))
        add_endpoint(unit, id="whe_5", application_id="app_2")

    engine.run(prepare)
    index = engine.run(lambda unit: unit.record(STARTED))
    engine.run(lambda unit: unit.record(replace(STARTED, application_id=None)))
    assert told(engine) == [(index, "whe_1"), (index, "whe_2")]
    first = delivered(engine)[0]
    assert first.subject_ref == "sub_AAAAAAAAAAAAAAAAAAAAAA"
    assert (first.kind, first.status, first.attempts) == (
        DeliveryKind.MESSAGE,
        DeliveryStatus.PENDING,
        0,
    )
    assert (first.event_type, first.next_attempt_at) == (EventType.SESSION_STARTED, Clock().now)
    assert "." not in first.id
    assert first.id.startswith("msg_")


def test_an_endpoint_hears_of_its_own_changes_if_it_chose_to(engine: StoreEngine) -> None:
    own = frozenset({EventType.WEBHOOK_CREATED, EventType.WEBHOOK_DELETED})
    engine.run(lambda unit: add_endpoint(unit, types=own))
    assert told(engine) == [(1, "whe_1")]

    def remove(unit: Unit) -> None:
        unit.webhook_endpoints.remove("whe_1")
        unit.record(about_webhook(EventType.WEBHOOK_DELETED))

    engine.run(remove)
    assert told(engine) == []


def test_a_flow_that_fails_tells_nobody(engine: StoreEngine) -> None:
    engine.run(add_endpoint)

    def fail(unit: Unit) -> None:
        unit.record(STARTED)
        raise Conflict

    with refusal_of(Conflict, "conflict"):
        engine.run(fail)
    assert told(engine) == []


def grouped(engine: StoreEngine, *flows: Callable[[Unit], Any]) -> None:
    """Run ``flows`` in one transaction, one after another."""
    groups = engine.writer.groups
    with one_group(engine):
        futures = [engine.submit(flow) for flow in flows]
    for future in futures:
        future.exception(20)
    assert engine.writer.groups == groups + 2, "the one that held the writer up, and this one"


def test_what_changes_within_a_group_counts_from_then_on(engine: StoreEngine) -> None:
    def disable(unit: Unit) -> None:
        unit.webhook_endpoints.save(endpoint(status=EndpointStatus.DISABLED))
        unit.record(about_webhook(EventType.WEBHOOK_DISABLED))

    grouped(
        engine,
        lambda unit: unit.record(STARTED),  # 1: nobody listens yet
        add_endpoint,  # 2
        lambda unit: unit.record(STARTED),  # 3
        disable,  # 4
        lambda unit: unit.record(STARTED),  # 5
    )
    assert told(engine) == [(3, "whe_1")]


def test_an_endpoint_that_was_undone_within_a_group_is_told_nothing(engine: StoreEngine) -> None:
    def fail(unit: Unit) -> None:
        add_endpoint(unit)
        unit.record(STARTED)
        raise Conflict

    grouped(
        engine,
        lambda unit: unit.record(STARTED),
        fail,
        lambda unit: unit.record(STARTED),
    )
    assert told(engine) == []


def test_an_endpoint_whose_removal_was_undone_goes_on(engine: StoreEngine) -> None:
    engine.run(add_endpoint)

    def fail(unit: Unit) -> None:
        unit.webhook_endpoints.remove("whe_1")
        unit.record(about_webhook(EventType.WEBHOOK_DELETED))
        raise Conflict

    grouped(engine, fail, lambda unit: unit.record(STARTED))
    assert len(told(engine)) == 1


@pytest.mark.parametrize("kind", ["ended", "expired", "revoked"])
def test_the_end_of_a_session_is_told_to_a_logout_url(engine: StoreEngine, kind: str) -> None:
    over = replace(STARTED, type={one.value: one for one in SESSION_OVER}[f"session.{kind}"])
    engine.run(lambda unit: unit.record(over))
    assert delivered(engine) == []

    def set_url(unit: Unit, url: str | None) -> None:
        unit.applications.save(application(settings=ApplicationSettings(logout_url=url)))
        unit.record(Event(type=EventType.APPLICATION_UPDATED, application_id="app_1"))

    grouped(
        engine,
        lambda unit: unit.record(over),
        lambda unit: set_url(unit, "https://app.example/logout"),
        lambda unit: unit.record(STARTED),
        lambda unit: unit.record(over),
        lambda unit: set_url(unit, None),
        lambda unit: unit.record(over),
    )
    (found,) = delivered(engine)
    assert (found.kind, found.endpoint_id, found.entry_index) == (DeliveryKind.LOGOUT, None, 5)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How often each query about webhooks runs."""
    counts: dict[str, int] = {}
    read = SqliteConnection.all

    def count(self: Any, query: str, params: Mapping[str, Any] = {}) -> Any:
        counts[query] = counts.get(query, 0) + 1
        return read(self, query, params)

    with monkeypatch.context() as patch:
        patch.setattr(SqliteConnection, "all", count)
        yield counts


def test_without_endpoints_a_whole_group_asks_once(
    engine: StoreEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(monkeypatch) as counts:
        grouped(engine, *[lambda unit: unit.record(STARTED)] * 50)
    assert counts["webhook_endpoints_routes"] == 1


@pytest.mark.parametrize(
    "alert", [EventType.OPERATOR_TAKEN_OVER, EventType.ROW_FORGED, EventType.CLOCK_LEAPT]
)
def test_an_alert_of_the_installation_is_told_to_every_application_that_subscribed(
    engine: StoreEngine, alert: EventType
) -> None:
    both = frozenset({alert, EventType.GRANT_DENIED})

    def prepare(unit: Unit) -> None:
        unit.applications.add(application(id="app_2", secret_hash=bytes(31) + b"2"))
        add_endpoint(unit, types=both)
        add_endpoint(unit, id="whe_2", application_id="app_2", types=both)
        add_endpoint(unit, id="whe_3")

    engine.run(prepare)
    index = engine.run(lambda unit: unit.record(Event(type=alert)))
    engine.run(lambda unit: unit.record(Event(type=EventType.GRANT_DENIED)))
    messages = [one for one in delivered(engine) if one.kind is DeliveryKind.MESSAGE]
    assert [(one.entry_index, one.endpoint_id, one.application_id) for one in messages] == [
        (index, "whe_1", "app_1"),
        (index, "whe_2", "app_2"),
    ]


def test_the_owner_of_an_account_is_told_once_whoever_else_is(engine: StoreEngine) -> None:
    engine.run(
        lambda unit: unit.applications.add(application(id="app_2", secret_hash=bytes(31) + b"2"))
    )
    engine.run(lambda unit: unit.record(Event(type=EventType.OPERATOR_TAKEN_OVER)))
    assert [(one.kind, one.endpoint_id) for one in delivered(engine)] == [
        (DeliveryKind.OWNER, None)
    ]
