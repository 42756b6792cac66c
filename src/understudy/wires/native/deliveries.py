"""What became of each message to a webhook endpoint, and of each logout token."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.notices.webhooks import Attempt, Delivery, DeliveryKind, DeliveryStatus
from understudy.core.people.permissions import Permission
from understudy.core.ports import DeliveryFilter, Reader
from understudy.errors import Conflict, NotFound
from understudy.flows.notices import subscribe
from understudy.http.absent import given
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.endpoint import API, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.webhooks import (
    AttemptAnswer,
    DeliveriesQuery,
    DeliveryAnswer,
    DeliveryWithAttempts,
)

_TAG = "webhooks"
_READ = operator(Permission.WEBHOOKS_READ)
_WRITE = operator(Permission.WEBHOOKS_WRITE)
_DELIVERIES = f"{API}/webhooks/{{endpoint_id}}/deliveries"
_DELIVERY = f"{_DELIVERIES}/{{delivery_id}}"
_LOGOUTS = f"{API}/applications/{{application_id}}/logouts"


async def list_deliveries(call: Call[None, DeliveriesQuery]) -> Listed[DeliveryAnswer]:
    """An endpoint's messages, newest first."""

    def look_up(reader: Reader) -> Listed[DeliveryAnswer]:
        endpoint = subscribe.known(reader, call.path["endpoint_id"])
        where = DeliveryFilter(endpoint_id=endpoint.id, status=given(call.query.status))
        return _page(reader, where, call.query)

    return await call.read_long(look_up)


async def list_logouts(call: Call[None, DeliveriesQuery]) -> Listed[DeliveryAnswer]:
    """An application's logout tokens, newest first.

    :raises NotFound: no such application.
    """
    application_id = call.path["application_id"]

    def look_up(reader: Reader) -> Listed[DeliveryAnswer]:
        if reader.applications.get(application_id) is None:
            raise NotFound
        where = DeliveryFilter(
            application_id=application_id,
            to_logout_url=True,
            status=given(call.query.status),
        )
        return _page(reader, where, call.query)

    return await call.read_long(look_up)


async def get_delivery(call: Call[None, NoQuery]) -> DeliveryWithAttempts:
    """One message with each attempt."""
    endpoint_id, delivery_id = call.path["endpoint_id"], call.path["delivery_id"]
    return await call.read(
        lambda reader: _with_attempts(
            reader, subscribe.known_delivery(reader, endpoint_id, delivery_id)
        )
    )


async def get_logout(call: Call[None, NoQuery]) -> DeliveryWithAttempts:
    """One logout token with each attempt to deliver it.

    :raises NotFound: no such logout, or not of this application.
    """

    def look_up(reader: Reader) -> DeliveryWithAttempts:
        found = reader.deliveries.get(call.path["delivery_id"])
        if found is None or found.kind is not DeliveryKind.LOGOUT:
            raise NotFound("There is no such logout.")
        if found.application_id != call.path["application_id"]:
            raise NotFound("There is no such logout.")
        return _with_attempts(reader, found)

    return await call.read(look_up)


async def replay_delivery(call: Call[None, NoQuery]) -> DeliveryAnswer:
    """Send a message again."""
    again = await call.run(
        lambda unit: subscribe.replay(
            unit,
            call.path["endpoint_id"],
            call.path["delivery_id"],
            by=call.party,
            origin=call.origin,
        )
    )
    call.node.new_deliveries.set()
    return delivery_answer(again)


def _page(reader: Reader, where: DeliveryFilter, query: DeliveriesQuery) -> Listed[DeliveryAnswer]:
    rows = reader.deliveries.search(where, page_of(query.cursor, query.limit))
    shown, cursor = cut(rows, query.limit, lambda row: time_key(row.created_at, row.id))
    return Listed(items=[delivery_answer(row) for row in shown], next_cursor=cursor)


def _with_attempts(reader: Reader, delivery: Delivery) -> DeliveryWithAttempts:
    attempts = reader.deliveries.attempts_of(delivery.id)
    return DeliveryWithAttempts(
        delivery=delivery_answer(delivery), attempts=[_attempt(one) for one in attempts]
    )


def delivery_answer(delivery: Delivery) -> DeliveryAnswer:
    """One message as it is shown."""
    pending = delivery.status is DeliveryStatus.PENDING
    return DeliveryAnswer(
        id=delivery.id,
        endpoint_id=delivery.endpoint_id,
        kind=delivery.kind,
        event_type=delivery.event_type,
        entry_index=delivery.entry_index,
        status=delivery.status,
        attempts=delivery.attempts,
        next_attempt_at=delivery.next_attempt_at if pending else None,
        created_at=delivery.created_at,
        settled_at=delivery.settled_at,
    )


def _attempt(attempt: Attempt) -> AttemptAnswer:
    return AttemptAnswer(
        number=attempt.number,
        at=attempt.at,
        duration_ms=attempt.duration_ms,
        url=attempt.url,
        request=attempt.request,
        status=attempt.status,
        answer=attempt.answer,
        error=attempt.error,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_DELIVERIES,
        operation="list_deliveries",
        summary="Messages to a webhook endpoint, newest first",
        tag=_TAG,
        access=_READ,
        handler=list_deliveries,
        query=DeliveriesQuery,
        answers=answers(Listed[DeliveryAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_DELIVERY,
        operation="get_delivery",
        summary="One message, with what was sent and answered at each attempt",
        tag=_TAG,
        access=_READ,
        handler=get_delivery,
        answers=answers(DeliveryWithAttempts),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{_DELIVERY}/replay",
        operation="replay_delivery",
        summary="Send a message again, under its own id",
        tag=_TAG,
        access=_WRITE,
        handler=replay_delivery,
        answers=answers(DeliveryAnswer, status=HTTPStatus.ACCEPTED),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="GET",
        path=_LOGOUTS,
        operation="list_logouts",
        summary="Logout tokens for an application, newest first",
        tag=_TAG,
        access=_READ,
        handler=list_logouts,
        query=DeliveriesQuery,
        answers=answers(Listed[DeliveryAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_LOGOUTS}/{{delivery_id}}",
        operation="get_logout",
        summary="One logout token, with what was said and answered at each attempt",
        tag=_TAG,
        access=_READ,
        handler=get_logout,
        answers=answers(DeliveryWithAttempts),
        problems=(NotFound,),
    ),
)
