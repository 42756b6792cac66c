"""Webhook endpoints, and the outbox with what became of each message, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from understudy.core.ids import SubjectRef
from understudy.core.notices.webhooks import Attempt, Delivery, EndpointStatus, WebhookEndpoint
from understudy.core.ports import FIRST_PAGE, DeliveryFilter, Page
from understudy.core.times import to_ms
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.tables.paging import after_time
from understudy.storage.tables.rows import Codec

FORGET_AT_ONCE = 500
"""How many entries one statement names at most; databases limit a statement's parameters."""

_ENDPOINT = Codec(WebhookEndpoint)
_DELIVERY = Codec(Delivery)
_ATTEMPT = Codec(Attempt)


class WebhookEndpointTable:
    """Who hears of events."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, endpoint_id: str) -> WebhookEndpoint | None:
        """The endpoint with this id."""
        row = self._db.one("webhook_endpoints_get", {"id": endpoint_id})
        return _ENDPOINT.read(row) if row else None

    def list(
        self, *, application_id: str | None = None, status: EndpointStatus | None = None
    ) -> Sequence[WebhookEndpoint]:
        """All that match, oldest first."""
        params: Params = {"application_id": application_id, "status": status}
        return [_ENDPOINT.read(row) for row in self._db.all("webhook_endpoints_list", params)]

    def add(self, endpoint: WebhookEndpoint) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("webhook_endpoints_add", _ENDPOINT.write(endpoint))

    def save(self, endpoint: WebhookEndpoint) -> None:
        """Write what may change of it; whose it is stands."""
        self._db.change("webhook_endpoints_save", _ENDPOINT.write(endpoint))

    def remove(self, endpoint_id: str) -> None:
        """With its deliveries and their attempts."""
        self._db.change("webhook_endpoints_remove", {"id": endpoint_id})


class DeliveryTable:
    """The outbox. Attempts go with their delivery, deliveries with their endpoint."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery with this id."""
        row = self._db.one("webhook_deliveries_get", {"id": delivery_id})
        return _DELIVERY.read(row) if row else None

    def search(self, where: DeliveryFilter, page: Page = FIRST_PAGE) -> Sequence[Delivery]:
        """A page, newest first."""
        params: Params = {
            "endpoint_id": where.endpoint_id,
            "by_no_endpoint": "by_no_endpoint" if where.to_logout_url else None,
            "application_id": where.application_id,
            "status": where.status,
            "limit": page.limit,
            **after_time(page, "created_at"),
        }
        return [_DELIVERY.read(row) for row in self._db.all("webhook_deliveries_search", params)]

    def due(
        self, now: datetime, limit: int, *, besides: frozenset[str] = frozenset()
    ) -> Sequence[Delivery]:
        """Pending ones whose time has come and that no worker has, the most overdue first."""
        params: Params = {"now": to_ms(now), "limit": limit, "besides": tuple(sorted(besides))}
        return [_DELIVERY.read(row) for row in self._db.all("webhook_deliveries_due", params)]

    def pending(self) -> int:
        """How many are on their way."""
        row = self._db.one("webhook_deliveries_pending")
        return int(row["count"] or 0) if row else 0

    def add(self, delivery: Delivery) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("webhook_deliveries_add", _DELIVERY.write(delivery))

    def save(self, delivery: Delivery) -> None:
        """Write where it stands; what it tells, and whom, stands."""
        self._db.change("webhook_deliveries_save", _DELIVERY.write(delivery))

    def attempts_of(self, delivery_id: str) -> Sequence[Attempt]:
        """In their order."""
        rows = self._db.all("webhook_attempts_of", {"delivery_id": delivery_id})
        return [_ATTEMPT.read(row) for row in rows]

    def add_attempt(self, attempt: Attempt) -> None:
        """Insert, or refuse a number that exists."""
        self._db.change("webhook_attempts_add", _ATTEMPT.write(attempt))

    def forget_entries(
        self, now: datetime, *, indexes: Sequence[int] = (), subject_ref: SubjectRef | None = None
    ) -> None:
        """Delete what was sent and answered about these entries, and cancel what is pending."""
        forgotten = 0
        for which in _selections(indexes, subject_ref):
            forgotten += self._db.run("webhook_attempts_forget", which)
            self._db.run("webhook_deliveries_cancel", {**which, "now": to_ms(now)})
        if forgotten:
            self._db.scrub()

    def cancel_of_endpoint(self, endpoint_id: str, now: datetime) -> int:
        """Cancel what is pending; answers how many."""
        params: Params = {"endpoint_id": endpoint_id, "now": to_ms(now)}
        return self._db.run("webhook_deliveries_cancel", params)

    def remove_settled(self, before: datetime) -> int:
        """Remove what was settled and is older than this; answers how many."""
        return self._db.run("webhook_deliveries_remove_settled", {"before": to_ms(before)})


def _selections(indexes: Sequence[int], subject_ref: SubjectRef | None) -> Iterator[Params]:
    """Which deliveries, in statements of a bearable length."""
    if subject_ref is not None:
        yield {"subject_ref": subject_ref}
    ordered = sorted(indexes)
    for start in range(0, len(ordered), FORGET_AT_ONCE):
        part = ordered[start : start + FORGET_AT_ONCE]
        yield {"indexes": tuple(map(str, part))}
