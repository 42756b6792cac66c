"""Webhook endpoints and the outbox on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.storage import values
from tests.contract.storage.make import MINUTE, NOW, application, undone
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import SubjectRef
from understudy.core.notices.events import EventType
from understudy.core.notices.webhooks import (
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
)
from understudy.core.ports import DeliveryFilter, Page
from understudy.core.times import to_ms
from understudy.storage.database.connection import Database
from understudy.storage.tables.reader import StoreTables
from understudy.storage.tables.webhooks import FORGET_AT_ONCE

few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ENDPOINTS = values.made(WebhookEndpoint, id=values.IDS, application_id=st.just("app_1"))
DELIVERIES = values.made(
    Delivery,
    id=values.IDS,
    application_id=st.just("app_1"),
    endpoint_id=st.sampled_from([None, "whe_1"]),
    attempts=st.integers(0, 2**31),
)
ATTEMPTS = values.made(Attempt, delivery_id=st.just("msg_1"), number=st.integers(1, 2**31))


def endpoint(**changes: Any) -> WebhookEndpoint:
    return replace(
        WebhookEndpoint(
            id="whe_1",
            application_id="app_1",
            url="https://hooks.example/",
            description="",
            format="native",
            types=frozenset({EventType.SESSION_STARTED}),
            personal=False,
            status=EndpointStatus.ACTIVE,
            secret_encrypted=b"sealed",
            created_at=NOW,
            updated_at=NOW,
        ),
        **changes,
    )


def delivery(**changes: Any) -> Delivery:
    return replace(
        Delivery(
            id="msg_1",
            application_id="app_1",
            endpoint_id="whe_1",
            kind=DeliveryKind.MESSAGE,
            entry_index=7,
            event_type=EventType.SESSION_STARTED,
            subject_ref=SubjectRef("sub_1"),
            status=DeliveryStatus.PENDING,
            attempts=0,
            next_attempt_at=NOW,
            created_at=NOW,
        ),
        **changes,
    )


def attempt(**changes: Any) -> Attempt:
    return replace(
        Attempt(
            delivery_id="msg_1",
            number=1,
            at=NOW,
            duration_ms=12,
            url="https://hooks.example/",
            request="sent",
            status=500,
            answer="answered",
            error=None,
        ),
        **changes,
    )


def add(store: StoreTables, *deliveries: Delivery) -> None:
    """Deliveries, each with one attempt."""
    for one in deliveries:
        store.deliveries.add(one)
        store.deliveries.add_attempt(attempt(delivery_id=one.id))


@pytest.fixture
def store(shared_database: Database) -> Iterator[StoreTables]:
    """A store with one application and one endpoint, of which nothing stays."""
    with undone(shared_database) as found:
        found.webhook_endpoints.add(endpoint())
        yield found


@few
@given(made=ENDPOINTS, changed=ENDPOINTS)
def test_an_endpoint_is_read_as_it_was_added_and_saved(
    shared_database: Database, made: WebhookEndpoint, changed: WebhookEndpoint
) -> None:
    changed = replace(changed, id=made.id, created_at=made.created_at)
    with undone(shared_database) as store:
        store.webhook_endpoints.add(made)
        assert store.webhook_endpoints.get(made.id) == made
        store.webhook_endpoints.save(changed)
        assert store.webhook_endpoints.get(made.id) == changed


@few
@given(made=DELIVERIES, changed=DELIVERIES)
def test_a_delivery_is_read_as_it_was_added_and_saved(
    shared_database: Database, made: Delivery, changed: Delivery
) -> None:
    state = {
        name: getattr(changed, name)
        for name in ("status", "attempts", "next_attempt_at", "claimed_until", "settled_at")
    }
    with undone(shared_database) as store:
        store.webhook_endpoints.add(endpoint())
        store.deliveries.add(made)
        assert store.deliveries.get(made.id) == made
        store.deliveries.save(replace(changed, id=made.id))
        assert store.deliveries.get(made.id) == replace(made, **state)


@few
@given(made=ATTEMPTS)
def test_an_attempt_is_read_as_it_was_added(shared_database: Database, made: Attempt) -> None:
    with undone(shared_database) as store:
        store.webhook_endpoints.add(endpoint())
        store.deliveries.add(delivery())
        store.deliveries.add_attempt(made)
        assert list(store.deliveries.attempts_of("msg_1")) == [made]


ADDING: list[Callable[[StoreTables], object]] = [
    lambda store: store.webhook_endpoints.add(endpoint()),
    lambda store: store.deliveries.add(delivery()),
    lambda store: store.deliveries.add_attempt(attempt()),
]
CHANGING: list[Callable[[StoreTables], object]] = [
    lambda store: store.webhook_endpoints.save(endpoint(id="whe_2")),
    lambda store: store.webhook_endpoints.remove("whe_2"),
    lambda store: store.deliveries.save(delivery(id="msg_2")),
]


@pytest.mark.parametrize("adding", ADDING)
def test_nothing_is_added_twice(
    shared_database: Database, adding: Callable[[StoreTables], object]
) -> None:
    with undone(shared_database) as store:
        store.webhook_endpoints.add(endpoint())
        add(store, delivery())
        with refusal_of(errors.AlreadyExists, "already_exists"):
            adding(store)


@pytest.mark.parametrize("change", CHANGING)
def test_what_was_never_added_cannot_be_saved_or_removed(
    shared_database: Database, change: Callable[[StoreTables], object]
) -> None:
    with undone(shared_database) as store, refusal_of(errors.NotFound, "not_found"):
        change(store)


def test_endpoints_are_listed_by_application_and_status_oldest_first(store: StoreTables) -> None:
    store.applications.add(application(id="app_2"))
    others = [
        endpoint(id="whe_2", created_at=NOW - MINUTE, status=EndpointStatus.DISABLED),
        endpoint(id="whe_3", application_id="app_2"),
    ]
    for other in others:
        store.webhook_endpoints.add(other)

    def ids(**where: Any) -> list[str]:
        return [one.id for one in store.webhook_endpoints.list(**where)]

    assert ids() == ["whe_2", "whe_1", "whe_3"]
    assert ids(application_id="app_1") == ["whe_2", "whe_1"]
    assert ids(status=EndpointStatus.ACTIVE) == ["whe_1", "whe_3"]
    assert ids(application_id="app_1", status=EndpointStatus.DISABLED) == ["whe_2"]


def test_an_endpoint_goes_with_its_deliveries_and_their_attempts(store: StoreTables) -> None:
    store.webhook_endpoints.add(endpoint(id="whe_2"))
    add(store, delivery(), delivery(id="msg_2", endpoint_id="whe_2"))
    store.webhook_endpoints.remove("whe_1")
    assert store.webhook_endpoints.get("whe_1") is None
    assert store.deliveries.get("msg_1") is None
    assert store.deliveries.attempts_of("msg_1") == []
    assert len(store.deliveries.attempts_of("msg_2")) == 1


def test_pages_of_deliveries_are_complete_and_in_order(store: StoreTables) -> None:
    made = [
        delivery(id=f"msg_{number}", created_at=NOW + (number // 3) * MINUTE) for number in range(8)
    ]
    for one in made:
        store.deliveries.add(one)
    seen: list[Delivery] = []
    after: tuple[str, ...] | None = None
    where = DeliveryFilter(endpoint_id="whe_1")
    while page := store.deliveries.search(where, Page(limit=3, after=after)):
        seen += page
        after = (str(to_ms(page[-1].created_at)), page[-1].id)
    assert seen == sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)


def test_deliveries_are_found_by_receiver_and_status(store: StoreTables) -> None:
    for one in (
        delivery(),
        delivery(id="msg_2", status=DeliveryStatus.FAILED),
        delivery(id="msg_3", endpoint_id=None, kind=DeliveryKind.LOGOUT),
    ):
        store.deliveries.add(one)

    def ids(**where: Any) -> list[str]:
        return [one.id for one in store.deliveries.search(DeliveryFilter(**where))]

    assert ids() == ["msg_3", "msg_2", "msg_1"]
    assert ids(endpoint_id="whe_1") == ["msg_2", "msg_1"]
    assert ids(application_id="app_1", status=DeliveryStatus.PENDING) == ["msg_3", "msg_1"]
    assert ids(endpoint_id="whe_1", status=DeliveryStatus.FAILED) == ["msg_2"]
    assert ids(application_id="app_2") == []
    assert ids(application_id="app_1", to_logout_url=True) == ["msg_3"]
    assert ids(application_id="app_2", to_logout_url=True) == []


def test_due_is_what_is_pending_and_unclaimed_and_whose_time_has_come(store: StoreTables) -> None:
    instant = timedelta(milliseconds=1)
    for one in (
        delivery(id="now"),
        delivery(id="later", next_attempt_at=NOW + instant),
        delivery(id="long ago", next_attempt_at=NOW - MINUTE),
        delivery(id="claimed", claimed_until=NOW + instant),
        delivery(id="lease over", claimed_until=NOW),
        delivery(id="done", status=DeliveryStatus.DELIVERED),
        delivery(id="given up", status=DeliveryStatus.FAILED),
        delivery(id="withdrawn", status=DeliveryStatus.CANCELLED),
        delivery(id="other", endpoint_id=None),
    ):
        store.deliveries.add(one)

    def due(limit: int = 50, besides: frozenset[str] = frozenset()) -> list[str]:
        return [one.id for one in store.deliveries.due(NOW, limit, besides=besides)]

    assert due() == ["long ago", "lease over", "now", "other"]
    assert due(limit=2) == ["long ago", "lease over"]
    assert due(besides=frozenset({"whe_1", "whe_9"})) == ["other"]
    assert due(besides=frozenset({"app_1"})) == ["long ago", "lease over", "now"]
    assert store.deliveries.pending() == 6


def test_cancelling_leaves_what_is_settled_and_what_goes_elsewhere(store: StoreTables) -> None:
    store.webhook_endpoints.add(endpoint(id="whe_2"))
    kept = [
        delivery(id="done", status=DeliveryStatus.DELIVERED, settled_at=NOW),
        delivery(id="elsewhere", endpoint_id="whe_2"),
    ]
    pending = delivery(claimed_until=NOW + MINUTE)
    add(store, pending, *kept)
    assert store.deliveries.cancel_of_endpoint("whe_1", NOW) == 1
    assert store.deliveries.get("msg_1") == replace(
        pending, status=DeliveryStatus.CANCELLED, claimed_until=None, settled_at=NOW
    )
    assert [store.deliveries.get(one.id) for one in kept] == kept
    assert len(store.deliveries.attempts_of("msg_1")) == 1


def texts(store: StoreTables, delivery_id: str) -> tuple[str | None, str | None]:
    (found,) = store.deliveries.attempts_of(delivery_id)
    return found.request, found.answer


@pytest.mark.parametrize("by", [{"indexes": [7, 8]}, {"subject_ref": "sub_1"}])
def test_what_was_told_of_erased_entries_is_forgotten(
    store: StoreTables, by: dict[str, Any]
) -> None:
    add(
        store,
        delivery(),
        delivery(id="done", entry_index=8, status=DeliveryStatus.DELIVERED, settled_at=NOW),
        delivery(id="other", entry_index=9, subject_ref="sub_2"),
        delivery(id="test", entry_index=None, subject_ref=None, kind=DeliveryKind.TEST),
    )
    store.deliveries.forget_entries(NOW + MINUTE, **by)
    assert {one: texts(store, one) for one in ("msg_1", "done", "other", "test")} == {
        "msg_1": (None, None),
        "done": (None, None),
        "other": ("sent", "answered"),
        "test": ("sent", "answered"),
    }
    found = {one.id: one.status for one in store.deliveries.search(DeliveryFilter())}
    assert found == {
        "msg_1": DeliveryStatus.CANCELLED,
        "done": DeliveryStatus.DELIVERED,
        "other": DeliveryStatus.PENDING,
        "test": DeliveryStatus.PENDING,
    }


def test_as_many_entries_as_one_likes_are_forgotten_at_once(store: StoreTables) -> None:
    far = 3 * FORGET_AT_ONCE
    add(store, delivery(entry_index=far), delivery(id="other", entry_index=far + 1))
    store.deliveries.forget_entries(NOW, indexes=range(far + 1))
    assert (texts(store, "msg_1"), texts(store, "other")) == ((None, None), ("sent", "answered"))


def test_forgetting_nothing_forgets_nothing(store: StoreTables) -> None:
    add(store, delivery())
    store.deliveries.forget_entries(NOW)
    assert texts(store, "msg_1") == ("sent", "answered")
    assert store.deliveries.pending() == 1


def test_old_deliveries_are_removed_unless_they_are_on_their_way(store: StoreTables) -> None:
    old = NOW - timedelta(milliseconds=1)
    add(
        store,
        delivery(id="old", created_at=old, status=DeliveryStatus.DELIVERED, settled_at=NOW),
        delivery(id="young", status=DeliveryStatus.DELIVERED, settled_at=NOW),
        delivery(id="pending", created_at=old),
    )
    assert store.deliveries.remove_settled(NOW) == 1
    assert {one.id for one in store.deliveries.search(DeliveryFilter())} == {"young", "pending"}
    assert store.deliveries.attempts_of("old") == []
