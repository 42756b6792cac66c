"""Webhooks: who wants to hear of what, and when the next attempt to tell them is due.

A delivery is written in the transaction of the event that it tells of, so that none is lost and
none is told that did not happen. What it says is rendered from the audit entry when it is sent:
an entry that was erased meanwhile tells nothing either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from understudy.core.ids import SubjectRef
from understudy.core.notices.events import EventType

ATTEMPT_SECONDS = 15.0
"""The longest that one attempt may take, from look-up of the name to the end of the answer."""
CLAIM = timedelta(seconds=60)
"""For how long a worker has a delivery to itself; far longer than an attempt may take."""
GIVE_UP_AFTER = timedelta(days=5)
"""An endpoint that has failed for so long without a success is disabled."""
DELIVERIES_KEPT = timedelta(days=30)

PAUSES: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one attempt and the next (Standard Webhooks 1.0.0, the example schedule)."""
JITTER = 0.2
"""A pause becomes longer by up to this share of itself, so that what failed together parts."""
MAX_RETRY_AFTER = timedelta(hours=24)
_DIGITS = 9
"""More than that many digits of a ``Retry-After`` say nothing that fewer would not."""

DEFAULT_TYPES: frozenset[EventType] = frozenset(one for one in EventType if one.kind.usual)
"""What an endpoint hears of unless it chooses."""
SUBSCRIBABLE: frozenset[EventType] = frozenset(one for one in EventType if one.kind.subscribable)
"""What an endpoint may choose: whatever can concern an application."""

SLOW_DOWN = timedelta(minutes=1)
"""For how long an overloaded receiver gets nothing at all, unless it asks for longer."""
SLOWED_BY: frozenset[int] = frozenset({429, 502, 504})
GONE = 410
"""The answer of a receiver that wants no messages any more (Standard Webhooks 1.0.0)."""


class EndpointStatus(StrEnum):
    """Whether an endpoint gets messages. ``DISABLED`` ones keep theirs, to be replayed."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class WebhookEndpoint:
    """A URL of an application that hears of its events.

    ``types`` may hold some that only a newer node knows. Messages are spelled in ``format`` and
    carry ids only, unless ``personal`` asks for names, addresses and reasons. Secrets are encrypted
    under the installation key. ``failing_since`` is None after a success. Nothing is sent before
    ``slowed_until``.
    """

    id: str
    application_id: str
    url: str
    description: str
    format: str
    types: frozenset[str]
    personal: bool
    status: EndpointStatus
    disabled_because: str | None = None
    secret_encrypted: bytes = field(repr=False)
    previous_secret_encrypted: bytes | None = field(default=None, repr=False)
    previous_secret_expires_at: datetime | None = None
    failing_since: datetime | None = None
    slowed_until: datetime | None = None
    created_at: datetime
    updated_at: datetime

    def wants(self, event_type: str) -> bool:
        """True when the endpoint is to hear of such events now."""
        return self.status is EndpointStatus.ACTIVE and event_type in self.types


class DeliveryKind(StrEnum):
    """What is delivered: a message to an endpoint, a test of one, a logout token, or an e-mail to
    the owner of an account that was taken over.
    """

    MESSAGE = "message"
    TEST = "test"
    LOGOUT = "logout"
    OWNER = "owner"


class DeliveryStatus(StrEnum):
    """Where a delivery stands. ``FAILED`` ones were given up, ``CANCELLED`` ones withdrawn."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One entry of the log on its way to one receiver; ``id`` is the message's, over all attempts.

    ``endpoint_id`` is None for logout tokens, which go to the application's ``logout_url``, and for
    e-mails to an owner, which are the installation's and lie with one of its applications.
    ``entry_index`` is None for tests. While ``claimed_until`` lies ahead, one worker has it.
    """

    id: str
    application_id: str
    endpoint_id: str | None
    kind: DeliveryKind
    entry_index: int | None
    event_type: str | None
    subject_ref: SubjectRef | None
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime
    claimed_until: datetime | None = None
    created_at: datetime
    settled_at: datetime | None = None

    @property
    def receiver(self) -> str:
        """Who is not to be overrun: the endpoint, or the application whose logout URL it is."""
        return self.endpoint_id or self.application_id


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was sent and what came back; texts are cut, and go when the entry is erased.

    ``status`` is None when no answer came; ``error`` says why.
    """

    delivery_id: str
    number: int
    at: datetime
    duration_ms: int
    url: str
    request: str | None
    status: int | None
    answer: str | None
    error: str | None


def pause_after(
    attempts: int, *, chance: float, retry_after: timedelta | None = None
) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is time to give up.

    ``chance`` lies between 0 and 1 and spreads the pause. What the receiver asks for with
    ``Retry-After`` is kept to, but never shortens the pause.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + JITTER * chance)
    return max(pause, retry_after or timedelta(0))


def retry_after(text: str | None, now: datetime) -> timedelta | None:
    """What a ``Retry-After`` asks for: seconds, or a date (RFC 9110, section 10.2.3).

    None when it asks for nothing that can be understood.
    """
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:_DIGITS])), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), MAX_RETRY_AFTER)
