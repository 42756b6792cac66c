"""The outbox: messages about an event are written in the very transaction that records it.

Which endpoints want what is looked up once for each group of flows, and again after an entry of
the same group that may have changed it: without endpoints an event costs one look into a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from understudy.core.ids import SubjectRef
from understudy.core.impersonation.tokens import ID_BYTES, IdPrefix, make_id
from understudy.core.notices.events import SESSION_OVER, Event, EventType, Party
from understudy.core.notices.kinds import Topic
from understudy.core.notices.webhooks import Delivery, DeliveryKind, DeliveryStatus
from understudy.core.ports import Applications
from understudy.storage.database.connection import Row, Transaction
from understudy.storage.tables.webhooks import DeliveryTable

_CHANGES = ("webhook.", "application.")
_types = msgspec.json.Decoder(frozenset[str]).decode


@dataclass(frozen=True, kw_only=True)
class _Route:
    endpoint_id: str
    application_id: str
    types: frozenset[str]


class Outbox:
    """The messages of one transaction, whose flows run one after another."""

    def __init__(
        self,
        transaction: Transaction,
        *,
        applications: Applications,
        random: Callable[[int], bytes],
    ) -> None:
        self._db = transaction
        self._random = random
        self._applications = applications
        self._deliveries = DeliveryTable(transaction)
        self._routes: Sequence[_Route] | None = None
        self._has_logout_url: dict[str, bool] = {}

    def forget(self) -> None:
        """Look everything up again: what was looked up may have been undone."""
        self._routes = None
        self._has_logout_url.clear()

    def add(self, now: datetime, index: int, event: Event) -> None:
        """Put on its way whatever is to be told about the entry ``index``."""
        application_id = event.application_id
        if application_id is None:
            self._add_of_installation(now, index, event)
            return
        if event.type.startswith(_CHANGES):
            self.forget()
        for route in self._known_routes():
            if route.application_id == application_id and event.type in route.types:
                self._put(now, index, event, application_id, route.endpoint_id)
        # Apart from the endpoints, which are subscribed to: a logout is owed to the app's relying
        # party.
        if event.type in SESSION_OVER and self._logs_out(application_id):
            self._put(now, index, event, application_id, None, kind=DeliveryKind.LOGOUT)

    def _add_of_installation(self, now: datetime, index: int, event: Event) -> None:
        """What is about the team or an alert, and of no application, is told to all subscribers.

        A refusal that names no application is of none either, and nobody's to hear.
        """
        kind = event.type.kind
        if kind.topic in (Topic.TEAM, Topic.ALERTS) and kind.subscribable:
            for route in self._known_routes():
                if event.type in route.types:
                    self._put(now, index, event, route.application_id, route.endpoint_id)
        if event.type is EventType.OPERATOR_TAKEN_OVER:
            # Whether there is a mail server is looked at when it is sent.
            for application in self._applications.list()[:1]:
                self._put(now, index, event, application.id, None, kind=DeliveryKind.OWNER)

    def _put(
        self,
        now: datetime,
        index: int,
        event: Event,
        application_id: str,
        endpoint_id: str | None,
        *,
        kind: DeliveryKind = DeliveryKind.MESSAGE,
    ) -> None:
        self._deliveries.add(
            Delivery(
                id=make_id(IdPrefix.WEBHOOK_MESSAGE, self._random(ID_BYTES)),
                application_id=application_id,
                endpoint_id=endpoint_id,
                kind=kind,
                # The place and not the words: what is sent is read from the log when it is sent.
                entry_index=index,
                event_type=event.type,
                subject_ref=_subject_ref(event.subject),
                status=DeliveryStatus.PENDING,
                attempts=0,
                next_attempt_at=now,
                created_at=now,
            )
        )

    def _known_routes(self) -> Sequence[_Route]:
        if self._routes is None:
            self._routes = self._db.known("webhook_endpoints_routes", {}, _routes)
        return self._routes

    def _logs_out(self, application_id: str) -> bool:
        known = self._has_logout_url.get(application_id)
        if known is None:
            application = self._applications.get(application_id)
            known = application is not None and application.settings.logout_url is not None
            self._has_logout_url[application_id] = known
        return known


def _routes(rows: Sequence[Row]) -> Sequence[_Route]:
    return tuple(
        _Route(
            endpoint_id=str(row["id"]),
            application_id=str(row["application_id"]),
            types=_types(str(row["types"])),
        )
        for row in rows
    )


def _subject_ref(subject: Party | None) -> SubjectRef | None:
    return None if subject is None or subject.ref is None else SubjectRef(subject.ref)
