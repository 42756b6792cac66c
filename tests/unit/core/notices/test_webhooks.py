from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from understudy.core.notices.events import ALERTS, EventType
from understudy.core.notices.webhooks import (
    DEFAULT_TYPES,
    MAX_RETRY_AFTER,
    PAUSES,
    SUBSCRIBABLE,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
    pause_after,
    retry_after,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ENDPOINT = WebhookEndpoint(
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
)


def test_an_endpoint_wants_what_it_chose_while_it_is_active() -> None:
    assert ENDPOINT.wants(EventType.SESSION_STARTED)
    assert not ENDPOINT.wants(EventType.SESSION_ENDED)
    assert not replace(ENDPOINT, status=EndpointStatus.DISABLED).wants(EventType.SESSION_STARTED)


def test_an_endpoint_shows_no_secret() -> None:
    assert "sealed" not in repr(replace(ENDPOINT, previous_secret_encrypted=b"sealed"))


def test_nobody_is_told_of_operators_and_alerts_are_told_by_default() -> None:
    assert ALERTS <= DEFAULT_TYPES <= SUBSCRIBABLE
    assert EventType.OPERATOR_SIGNED_IN not in SUBSCRIBABLE
    assert EventType.INSTALLATION_CREATED not in SUBSCRIBABLE


def test_pauses_grow_as_in_the_published_schedule() -> None:
    waits = [pause_after(attempts, chance=0.0) for attempts in range(1, 12)]
    assert waits == [*PAUSES, None]
    assert waits[:3] == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]


def test_chance_makes_a_pause_longer_by_a_fifth_at_most() -> None:
    assert pause_after(1, chance=1.0) == timedelta(seconds=6)
    assert pause_after(1, chance=0.5) == timedelta(seconds=5.5)


def test_a_receiver_can_make_a_pause_longer_and_never_shorter() -> None:
    assert pause_after(1, chance=0.0, retry_after=timedelta(minutes=1)) == timedelta(minutes=1)
    assert pause_after(2, chance=0.0, retry_after=timedelta(minutes=1)) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("9" * 400, MAX_RETRY_AFTER),
        ("86401", MAX_RETRY_AFTER),
        ("Sun, 22 Nov 2026 09:31:00 GMT", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 09:31:00 -0000", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("Sun, 22 Nov 2037 09:00:00 GMT", MAX_RETRY_AFTER),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("١٢", None),
        ("Sun, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_what_a_receiver_asks_for_is_seconds_or_a_date(
    text: str | None, expected: timedelta | None
) -> None:
    assert retry_after(text, NOW) == expected


def test_a_delivery_goes_to_an_endpoint_or_to_the_application() -> None:
    message = Delivery(
        id="msg_1",
        application_id="app_1",
        endpoint_id="whe_1",
        kind=DeliveryKind.MESSAGE,
        entry_index=1,
        event_type=EventType.SESSION_ENDED,
        subject_ref=None,
        status=DeliveryStatus.PENDING,
        attempts=0,
        next_attempt_at=NOW,
        created_at=NOW,
    )
    logout = replace(message, endpoint_id=None, kind=DeliveryKind.LOGOUT)
    assert (message.receiver, logout.receiver) == ("whe_1", "app_1")
