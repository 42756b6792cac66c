"""Who hears of events, and what is on its way to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from understudy.core.ids import SubjectRef
from understudy.core.notices.webhooks import (
    Attempt,
    Delivery,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
)
from understudy.core.ports.paging import FIRST_PAGE, Page


class WebhookEndpoints(Protocol):
    """Who hears of events."""

    def get(self, endpoint_id: str) -> WebhookEndpoint | None: ...
    def list(
        self, *, application_id: str | None = None, status: EndpointStatus | None = None
    ) -> Sequence[WebhookEndpoint]:
        """All that match, oldest first; an application has few."""
        ...


class WritableWebhookEndpoints(WebhookEndpoints, Protocol):
    """`WebhookEndpoints` in a unit."""

    def add(self, endpoint: WebhookEndpoint) -> None: ...
    def save(self, endpoint: WebhookEndpoint) -> None: ...
    def remove(self, endpoint_id: str) -> None:
        """With its deliveries and their attempts."""
        ...


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries to show; None means any. ``to_logout_url`` shows logout tokens alone."""

    endpoint_id: str | None = None
    application_id: str | None = None
    status: DeliveryStatus | None = None
    to_logout_url: bool = False


class Deliveries(Protocol):
    """The outbox."""

    def get(self, delivery_id: str) -> Delivery | None: ...
    def search(self, where: DeliveryFilter, page: Page = FIRST_PAGE) -> Sequence[Delivery]:
        """Newest first. The sort key of a row is ``(created_at in ms, id)``."""
        ...

    def due(
        self, now: datetime, limit: int, *, besides: frozenset[str] = frozenset()
    ) -> Sequence[Delivery]:
        """Pending ones whose time has come and that no worker has, the most overdue first.

        Those to the receivers ``besides`` are left out.
        """
        ...

    def pending(self) -> int:
        """How many are on their way."""
        ...

    def attempts_of(self, delivery_id: str) -> Sequence[Attempt]: ...


class WritableDeliveries(Deliveries, Protocol):
    """`Deliveries` in a unit."""

    def add(self, delivery: Delivery) -> None: ...
    def save(self, delivery: Delivery) -> None: ...
    def add_attempt(self, attempt: Attempt) -> None: ...
    def forget_entries(
        self,
        now: datetime,
        *,
        indexes: Sequence[int] = (),
        subject_ref: SubjectRef | None = None,
    ) -> None:
        """Delete what was sent and answered about these entries, and cancel what is pending.

        All deliveries about ``subject_ref`` are meant as well.
        """
        ...

    def cancel_of_endpoint(self, endpoint_id: str, now: datetime) -> int: ...
    def remove_settled(self, before: datetime) -> int: ...
