from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rules.world import World
from tests.unit.flows.notices.test_subscribe import create, deliveries, stored, update
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.notices.webhooks import (
    CLAIM,
    DELIVERIES_KEPT,
    GIVE_UP_AFTER,
    PAUSES,
    SLOW_DOWN,
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    EndpointStatus,
)
from understudy.flows.notices import subscribe
from understudy.flows.notices.deliver import (
    AT_ONCE,
    KEPT_CHARACTERS,
    Tried,
    claim,
    settle,
    tidy,
    withdraw,
)
from understudy.service.table import WIRES


@pytest.fixture
def world(installation: World) -> World:
    """An installation with one endpoint, and one grant that it is to hear of."""
    create(installation)
    installation.granted()
    return installation


def claimed(world: World, *, limit: int = 50, busy: Mapping[str, int] | None = None) -> Any:
    return world.run(lambda unit: claim(unit, limit=limit, busy=busy or {}, formats=WIRES.formats))


def tried(world: World, **changes: Any) -> Tried:
    ready = Tried(
        at=world.clock.now,
        duration=timedelta(milliseconds=12.9),
        url="https://hooks.example/",
        request="sent",
        status=500,
        answer="answered",
        error=None,
    )
    return replace(ready, **changes)


def settled(world: World, delivery: Delivery, *, chance: float = 0.0, **changes: Any) -> Delivery:
    attempt = tried(world, **changes)
    world.run(lambda unit: settle(unit, delivery, attempt, chance=chance))
    return delivery_of(world, delivery.id)


def delivery_of(world: World, delivery_id: str) -> Delivery:
    with world.engine.reading() as reader:
        found = reader.deliveries.get(delivery_id)
    assert found is not None
    return found


def attempts(world: World, delivery_id: str) -> list[Attempt]:
    with world.engine.reading() as reader:
        return list(reader.deliveries.attempts_of(delivery_id))


def endpoint(world: World) -> Any:
    with world.engine.reading() as reader:
        (found,) = reader.webhook_endpoints.list()
    return found


def test_what_was_claimed_is_nobody_elses_until_the_lease_ends(world: World) -> None:
    (mine,) = claimed(world)
    assert (mine.attempts, mine.claimed_until) == (1, world.clock.now + CLAIM)
    assert claimed(world) == []
    world.clock.forward(milliseconds=CLAIM / timedelta(milliseconds=1) - 1)
    assert claimed(world) == []
    world.clock.forward(milliseconds=1)
    (again,) = claimed(world)
    assert (again.id, again.attempts) == (mine.id, 2)


def test_what_is_due_in_a_format_that_nobody_here_knows_waits(world: World) -> None:
    known = {name: one for name, one in WIRES.formats.items() if name != "native"}
    waiting = world.run(lambda unit: claim(unit, limit=50, busy={}, formats=known))
    assert waiting == []
    (mine,) = claimed(world)
    assert (mine.status, mine.attempts) == (DeliveryStatus.PENDING, 1)


def test_a_receiver_gets_so_many_at_once_and_leaves_room_for_others(world: World) -> None:
    for _ in range(AT_ONCE):
        world.granted()
    first = deliveries(world)[0].receiver
    other = create(world).endpoint
    world.granted()
    taken = claimed(world)
    assert [one.endpoint_id for one in taken].count(other.id) == 1
    assert len(taken) == AT_ONCE + 1
    assert claimed(world, busy={first: AT_ONCE}) == []
    assert len(claimed(world)) == 2


def test_a_busy_receiver_is_passed_over_however_much_is_due(world: World) -> None:
    for _ in range(5):
        world.granted()
    receiver = deliveries(world)[0].receiver
    other = create(world).endpoint
    world.granted()
    busy = {receiver: AT_ONCE}
    assert [one.endpoint_id for one in claimed(world, limit=1, busy=busy)] == [other.id]
    busy = {receiver: AT_ONCE - 1, other.id: AT_ONCE}
    assert len(claimed(world, busy=busy)) == 1


@pytest.mark.parametrize("status", [200, 204, 299])
def test_an_answer_of_the_200s_is_a_success(world: World, status: int) -> None:
    (mine,) = claimed(world)
    done = settled(world, mine, status=status)
    assert done == replace(
        mine,
        status=DeliveryStatus.DELIVERED,
        claimed_until=None,
        settled_at=world.clock.now,
    )
    assert attempts(world, mine.id) == [
        Attempt(
            delivery_id=mine.id,
            number=1,
            at=world.clock.now,
            duration_ms=12,
            url="https://hooks.example/",
            request="sent",
            status=status,
            answer="answered",
            error=None,
        )
    ]


@pytest.mark.parametrize("status", [None, 100, 199, 300, 301, 302, 304, 308, 400, 404, 500, 503])
def test_everything_else_is_a_failure_and_tried_again(world: World, status: int | None) -> None:
    (mine,) = claimed(world)
    again = settled(world, mine, status=status, error=None if status else "nobody there")
    assert again == replace(
        mine, claimed_until=None, next_attempt_at=world.clock.now + timedelta(seconds=5)
    )
    assert endpoint(world).failing_since == world.clock.now
    assert endpoint(world).slowed_until is None
    world.clock.forward(seconds=5)
    assert len(claimed(world)) == 1


def test_a_receiver_that_fails_for_days_gets_every_attempt_of_the_schedule(world: World) -> None:
    waits = []
    while True:
        (mine,) = claimed(world)
        after = settled(world, mine, chance=0.5)
        if after.status is not DeliveryStatus.PENDING:
            break
        waits.append(after.next_attempt_at - world.clock.now)
        world.clock.now = after.next_attempt_at
    assert after.status is DeliveryStatus.FAILED
    assert waits == [pause * 1.1 for pause in PAUSES]
    assert len(attempts(world, mine.id)) == len(PAUSES) + 1


def test_a_success_makes_all_failures_forgotten(world: World) -> None:
    (mine,) = claimed(world)
    settled(world, mine, status=503)
    world.clock.forward(seconds=5)
    (again,) = claimed(world)
    settled(world, again, status=200)
    assert (endpoint(world).failing_since, endpoint(world).slowed_until) == (None, None)


@pytest.mark.parametrize("status", [429, 502, 504])
def test_an_overloaded_receiver_gets_nothing_for_a_while(world: World, status: int) -> None:
    (mine,) = claimed(world)
    settled(world, mine, status=status)
    world.granted("bob")
    world.clock.forward(seconds=SLOW_DOWN.total_seconds() - 0.001)
    assert claimed(world) == []
    world.clock.forward(milliseconds=1)
    assert len(claimed(world)) == 2


def test_an_overloaded_receiver_can_ask_for_longer(world: World) -> None:
    (mine,) = claimed(world)
    after = settled(world, mine, status=429, retry_after="600")
    later = world.clock.now + timedelta(minutes=10)
    assert (after.next_attempt_at, endpoint(world).slowed_until) == (later, later)


def test_whoever_asks_for_less_is_slowed_down_all_the_same(world: World) -> None:
    (mine,) = claimed(world)
    settled(world, mine, status=429, retry_after="1")
    assert endpoint(world).slowed_until == world.clock.now + SLOW_DOWN


def test_retry_after_counts_for_every_failure(world: World) -> None:
    (mine,) = claimed(world)
    after = settled(world, mine, status=503, retry_after="Mon, 05 Jan 2026 09:20:00 GMT")
    assert after.next_attempt_at == world.clock.now + timedelta(minutes=20)


def test_who_is_gone_is_disabled_at_once(world: World) -> None:
    world.granted("bob")
    mine, other = claimed(world)
    after = settled(world, mine, status=410)
    assert after.status is DeliveryStatus.FAILED
    assert delivery_of(world, other.id).status is DeliveryStatus.CANCELLED
    found = endpoint(world)
    assert (found.status, found.disabled_because) == (
        EndpointStatus.DISABLED,
        "it answered 410 Gone",
    )
    (entry,) = world.entries(EventType.WEBHOOK_DISABLED)
    assert entry.core is not None
    assert entry.core["actor_kind"] == "system"
    assert entry.core["details"] == {
        "endpoint_id": found.id,
        "disabled_because": "it answered 410 Gone",
    }


def test_who_fails_for_five_days_is_disabled(world: World) -> None:
    (first,) = claimed(world)
    settled(world, first)
    world.clock.now += GIVE_UP_AFTER - timedelta(milliseconds=1)
    (second,) = claimed(world)
    settled(world, second)
    assert endpoint(world).status is EndpointStatus.ACTIVE
    world.clock.now = delivery_of(world, first.id).next_attempt_at
    (third,) = claimed(world)
    after = settled(world, third)
    assert endpoint(world).status is EndpointStatus.DISABLED
    assert endpoint(world).disabled_because == "it failed for 5 days"
    assert after.status is DeliveryStatus.CANCELLED
    assert len(world.entries(EventType.WEBHOOK_DISABLED)) == 1


def test_the_first_attempt_at_a_message_disables_nobody(world: World) -> None:
    (first,) = claimed(world)
    settled(world, first)
    world.run(lambda unit: withdraw(unit, first))
    world.clock.now += 2 * GIVE_UP_AFTER
    world.granted("bob")
    (other,) = claimed(world)
    settled(world, other)
    assert endpoint(world).status is EndpointStatus.ACTIVE


def test_a_test_is_tried_once_and_blames_nobody(world: World) -> None:
    (mine,) = claimed(world)
    settled(world, mine, status=200)
    world.run(lambda unit: subscribe.send_test(unit, endpoint(world).id))
    (sent,) = claimed(world)
    assert settled(world, sent, status=500).status is DeliveryStatus.FAILED
    world.run(lambda unit: subscribe.send_test(unit, endpoint(world).id))
    (sent,) = claimed(world)
    assert settled(world, sent, status=410).status is DeliveryStatus.FAILED
    assert endpoint(world).status is EndpointStatus.ACTIVE
    assert endpoint(world).failing_since is None


def test_a_lease_that_ended_lets_only_a_success_count(world: World) -> None:
    (slow,) = claimed(world)
    world.clock.now += CLAIM
    (mine,) = claimed(world)
    after = settled(world, slow, status=500)
    assert after == mine
    assert endpoint(world).failing_since is None
    assert settled(world, replace(slow, attempts=7), status=200).status is DeliveryStatus.DELIVERED
    assert settled(world, mine, status=500).status is DeliveryStatus.DELIVERED
    assert [one.number for one in attempts(world, mine.id)] == [1, 2, 7]


@pytest.mark.parametrize("status", [200, 500])
def test_nothing_is_kept_of_what_was_erased_while_it_was_sent(world: World, status: int) -> None:
    (mine,) = claimed(world)
    world.run(
        lambda unit: unit.deliveries.forget_entries(unit.now, indexes=[mine.entry_index or 0])
    )
    assert settled(world, mine, status=status).status is DeliveryStatus.CANCELLED
    (kept,) = attempts(world, mine.id)
    assert (kept.request, kept.answer, kept.status) == (None, None, status)


def test_a_delivery_whose_endpoint_was_removed_meanwhile_settles_nothing(world: World) -> None:
    (mine,) = claimed(world)
    world.run(lambda unit: unit.webhook_endpoints.remove(mine.endpoint_id or ""))
    world.run(lambda unit: settle(unit, mine, tried(world), chance=0.0))
    world.run(lambda unit: withdraw(unit, mine))
    assert deliveries(world) == []


def test_an_endpoint_that_was_disabled_meanwhile_stays_so(world: World) -> None:
    (mine,) = claimed(world)
    update(world, endpoint(world).id, status=EndpointStatus.DISABLED)
    assert settled(world, mine, status=500).status is DeliveryStatus.CANCELLED
    assert endpoint(world).failing_since is None


def test_texts_are_kept_up_to_a_length(world: World) -> None:
    (mine,) = claimed(world)
    settled(world, mine, request="q" * 10_000, answer="a" * 10_000, error="e" * 10_000)
    (kept,) = attempts(world, mine.id)
    for letter, text in zip("qae", (kept.request, kept.answer, kept.error), strict=True):
        assert text == letter * KEPT_CHARACTERS


def test_a_logout_keeps_to_the_schedule_and_has_no_endpoint_to_blame(
    installation: World,
) -> None:
    installation.set_up_application(logout_url="https://app.example/logout")
    installation.end(installation.session(), EndCause.ENDED_BY_ACTOR)
    (mine,) = claimed(installation)
    assert (mine.kind, mine.endpoint_id) == (DeliveryKind.LOGOUT, None)
    after = settled(installation, mine, status=429)
    assert after.next_attempt_at == installation.clock.now + timedelta(seconds=5)
    installation.clock.forward(seconds=5)
    (again,) = claimed(installation)
    assert settled(installation, again, status=200).status is DeliveryStatus.DELIVERED


def test_a_withdrawn_delivery_is_cancelled_unless_it_is_settled(world: World) -> None:
    (mine,) = claimed(world)
    world.run(lambda unit: withdraw(unit, mine))
    cancelled = delivery_of(world, mine.id)
    assert cancelled == replace(
        mine,
        status=DeliveryStatus.CANCELLED,
        claimed_until=None,
        settled_at=world.clock.now,
    )
    world.clock.forward(seconds=1)
    world.run(lambda unit: withdraw(unit, mine))
    assert delivery_of(world, mine.id) == cancelled


def test_old_deliveries_are_tidied_up(world: World) -> None:
    (mine,) = claimed(world)
    settled(world, mine, status=200)
    world.clock.now += DELIVERIES_KEPT
    world.run(tidy)
    assert len(deliveries(world)) == 1
    world.clock.forward(milliseconds=1)
    world.run(tidy)
    assert deliveries(world) == []
    assert stored(world, endpoint(world).id) is not None
