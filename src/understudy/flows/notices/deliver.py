"""The outbox's way out: a worker claims what is due, sends it outside of any unit, and settles it.

At least once: what a worker has claimed and not settled when its lease ends, is claimed anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from understudy.core.notices.events import SYSTEM
from understudy.core.notices.webhooks import (
    CLAIM,
    DELIVERIES_KEPT,
    GIVE_UP_AFTER,
    GONE,
    SLOW_DOWN,
    SLOWED_BY,
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    WebhookEndpoint,
    pause_after,
    retry_after,
)
from understudy.core.ports import Reader, Unit
from understudy.core.times import MILLISECOND
from understudy.flows.notices.subscribe import disable

AT_ONCE = 4
"""Attempts at one receiver that one node makes at the same time: slow ones block nobody else."""
KEPT_CHARACTERS = 8 * 1024
"""How much of a request and of an answer is kept."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One attempt, as it went. ``retry_after`` is the answer's header."""

    at: datetime
    duration: timedelta
    url: str
    request: str | None
    status: int | None
    answer: str | None
    error: str | None
    retry_after: str | None = None

    @property
    def accepted(self) -> bool:
        """True for answers from 200 to 299 and for nothing else: redirects are not followed."""
        return self.status is not None and 200 <= self.status <= 299  # noqa: PLR2004


def not_now(
    reader: Reader, busy: Mapping[str, int], now: datetime, *, formats: Container[str]
) -> frozenset[str]:
    """The receivers that get nothing at the moment: slowed down, or busy with ``AT_ONCE``.

    Nor do those whose format is not among ``formats``: theirs waits for a node that knows it.
    """
    spared = {
        endpoint.id
        for endpoint in reader.webhook_endpoints.list()
        if endpoint.format not in formats
        or (endpoint.slowed_until is not None and now < endpoint.slowed_until)
    }
    return frozenset(spared | {receiver for receiver, count in busy.items() if count >= AT_ONCE})


def claim(
    unit: Unit, *, limit: int, busy: Mapping[str, int], formats: Container[str]
) -> Sequence[Delivery]:
    """Up to ``limit`` deliveries that are the caller's alone until their lease ends."""
    counts = Counter(busy)
    claimed = []
    besides = not_now(unit, busy, unit.now, formats=formats)
    for due in unit.deliveries.due(unit.now, limit, besides=besides):
        if counts[due.receiver] >= AT_ONCE:
            continue
        counts[due.receiver] += 1
        # Counted when claimed and not when settled: a process that dies while sending has used one
        # up.
        mine = replace(due, attempts=due.attempts + 1, claimed_until=unit.now + CLAIM)
        unit.deliveries.save(mine)
        claimed.append(mine)
    return claimed


def settle(unit: Unit, claimed: Delivery, tried: Tried, *, chance: float) -> None:
    """Write down how an attempt went, and decide what follows.

    Of a delivery that was cancelled meanwhile (its endpoint was disabled, or its entry erased) no
    texts are kept. Where somebody else has claimed it by now, only a success counts.
    """
    now_known = unit.deliveries.get(claimed.id)
    if now_known is None:
        return
    pending = now_known.status is DeliveryStatus.PENDING
    unit.deliveries.add_attempt(_attempt(claimed, tried, with_texts=pending))
    # The number tells claims apart: a lease that ran out was given to somebody else with the next
    # one.
    mine = pending and now_known.attempts == claimed.attempts
    endpoint = unit.webhook_endpoints.get(claimed.endpoint_id) if claimed.endpoint_id else None
    if tried.accepted:
        # Whoever claimed it: the receiver has it, and sending it again would be for nothing.
        if pending:
            _close(unit, now_known, DeliveryStatus.DELIVERED)
        if endpoint is not None and (endpoint.failing_since or endpoint.slowed_until):
            unit.webhook_endpoints.save(replace(endpoint, failing_since=None, slowed_until=None))
    elif mine:
        _failed(unit, now_known, endpoint, tried, chance)


def withdraw(unit: Unit, claimed: Delivery) -> None:
    """Cancel a delivery that has nothing left to tell, or nobody to tell it to."""
    known = unit.deliveries.get(claimed.id)
    if known is not None and known.status is DeliveryStatus.PENDING:
        _close(unit, known, DeliveryStatus.CANCELLED)


def tidy(unit: Unit) -> None:
    """Remove settled deliveries of some age with their attempts."""
    unit.deliveries.remove_settled(unit.now - DELIVERIES_KEPT)


def _failed(
    unit: Unit,
    delivery: Delivery,
    endpoint: WebhookEndpoint | None,
    tried: Tried,
    chance: float,
) -> None:
    asked = retry_after(tried.retry_after, unit.now)
    pause = pause_after(delivery.attempts, chance=chance, retry_after=asked)
    if pause is None or delivery.kind is DeliveryKind.TEST or tried.status == GONE:
        _close(unit, delivery, DeliveryStatus.FAILED)
    else:
        again = replace(delivery, next_attempt_at=unit.now + pause, claimed_until=None)
        unit.deliveries.save(again)
    # A button that somebody presses says nothing about how the endpoint fares.
    if endpoint is not None and delivery.kind is not DeliveryKind.TEST:
        _blame(unit, endpoint, delivery, tried, asked)


def _blame(
    unit: Unit,
    endpoint: WebhookEndpoint,
    delivery: Delivery,
    tried: Tried,
    asked: timedelta | None,
) -> None:
    """Note the failure at the endpoint; disable it when it wants nothing, or fails for days.

    The first attempt at a message never disables: after a quiet week, the last failure is old.
    """
    since = endpoint.failing_since or unit.now
    slowed = endpoint.slowed_until
    if tried.status in SLOWED_BY:
        # At least so long, whatever it asks for: a Retry-After of 0 would be a loop.
        slowed = unit.now + max(asked or SLOW_DOWN, SLOW_DOWN)
    noted = replace(endpoint, failing_since=since, slowed_until=slowed)
    if tried.status == GONE:
        disable(unit, noted, because="it answered 410 Gone", by=SYSTEM)
    elif unit.now - since >= GIVE_UP_AFTER and delivery.attempts > 1:
        disable(unit, noted, because="it failed for 5 days", by=SYSTEM)
    else:
        unit.webhook_endpoints.save(noted)


def _close(unit: Unit, delivery: Delivery, status: DeliveryStatus) -> None:
    unit.deliveries.save(replace(delivery, status=status, claimed_until=None, settled_at=unit.now))


def _attempt(claimed: Delivery, tried: Tried, *, with_texts: bool) -> Attempt:
    return Attempt(
        delivery_id=claimed.id,
        number=claimed.attempts,
        at=tried.at,
        duration_ms=tried.duration // MILLISECOND,
        url=tried.url,
        request=_cut(tried.request) if with_texts else None,
        status=tried.status,
        answer=_cut(tried.answer) if with_texts else None,
        error=_cut(tried.error),
    )


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:KEPT_CHARACTERS]
