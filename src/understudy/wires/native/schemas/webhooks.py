"""Webhook endpoints, and what was sent to them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.notices.webhooks import (
    DeliveryKind,
    DeliveryStatus,
    EndpointStatus,
)
from understudy.http.query import Query
from understudy.http.shapes import Answer, Id, Input, Time, Url
from understudy.wires.native.schemas.choices import MessageFormat
from understudy.wires.native.schemas.queries import Cursor, EventTypeText, Limit

Types = Annotated[list[EventTypeText], msgspec.Meta(min_length=1, max_length=100)]
Description = Annotated[str, msgspec.Meta(max_length=200)]


class WebhooksQuery(Query, frozen=True, kw_only=True):
    """Whose endpoints are wanted; without it those of all applications."""

    application_id: Id | UnsetType = UNSET


class DeliveriesQuery(Query, frozen=True, kw_only=True):
    """Which deliveries to list."""

    status: DeliveryStatus | UnsetType = UNSET
    cursor: Cursor | UnsetType = UNSET
    limit: Limit = 50


class CreateWebhook(Input, frozen=True, kw_only=True):
    """A new endpoint; without ``types`` it hears of grants, sessions and alerts.

    ``personal`` adds names, addresses and reasons to the messages.
    """

    application_id: Id
    url: Url
    description: Description = ""
    format: MessageFormat = MessageFormat.NATIVE
    types: Types | UnsetType = UNSET
    personal: bool = False


class UpdateWebhook(Input, frozen=True, kw_only=True):
    """Only what is given changes. Disabling cancels what is on its way."""

    url: Url | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    format: MessageFormat | UnsetType = UNSET
    types: Types | UnsetType = UNSET
    personal: bool | UnsetType = UNSET
    status: EndpointStatus | UnsetType = UNSET


class RotateWebhookSecret(Input, frozen=True, kw_only=True):
    """For how long messages are signed with the old secret as well; 0 ends it at once."""

    overlap_minutes: Annotated[int, msgspec.Meta(ge=0, le=10_080)] = 1440


class WebhookAnswer(Answer, frozen=True, kw_only=True):
    """An endpoint; never its secret. ``failing_since`` is null after a success."""

    id: str
    application_id: str
    url: str
    description: str
    format: MessageFormat
    types: list[str]
    personal: bool
    status: EndpointStatus
    disabled_because: str | None
    previous_secret_expires_at: Time | None
    failing_since: Time | None
    created_at: Time
    updated_at: Time


class WebhookSecret(Answer, frozen=True, kw_only=True):
    """The secret is shown this once."""

    webhook: WebhookAnswer
    secret: str


class DeliveryAnswer(Answer, frozen=True, kw_only=True):
    """One message on its way to one endpoint; ``id`` is the message's, over all attempts.

    ``entry_index`` and ``event_type`` are null for tests, ``next_attempt_at`` once it is settled.
    """

    id: str
    endpoint_id: str | None
    kind: DeliveryKind
    event_type: str | None
    entry_index: int | None
    status: DeliveryStatus
    attempts: int
    next_attempt_at: Time | None
    created_at: Time
    settled_at: Time | None


class AttemptAnswer(Answer, frozen=True, kw_only=True):
    """What was sent and what came back; both are null once the entry was erased.

    ``status`` is null when no answer came; ``error`` says why.
    """

    number: int
    at: Time
    duration_ms: int
    url: str
    request: str | None
    status: int | None
    answer: str | None
    error: str | None


class DeliveryWithAttempts(Answer, frozen=True, kw_only=True):
    """One message with each attempt at it, in their order."""

    delivery: DeliveryAnswer
    attempts: list[AttemptAnswer]
