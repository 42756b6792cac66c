"""Webhooks: who hears of an application's events."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import cast

from msgspec import UNSET

from understudy.core.notices.webhooks import WebhookEndpoint
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import Conflict, NotFound
from understudy.flows.notices import subscribe
from understudy.http.absent import given
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, NOTHING, Body, Endpoint, RateClass, answers
from understudy.http.idempotency import Replay
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.deliveries import delivery_answer
from understudy.wires.native.schemas.choices import MessageFormat
from understudy.wires.native.schemas.webhooks import (
    CreateWebhook,
    DeliveryAnswer,
    RotateWebhookSecret,
    UpdateWebhook,
    WebhookAnswer,
    WebhookSecret,
    WebhooksQuery,
)

_TAG = "webhooks"
_READ = operator(Permission.WEBHOOKS_READ)
_WRITE = operator(Permission.WEBHOOKS_WRITE)
_ALL = f"{API}/webhooks"
_ONE = f"{_ALL}/{{endpoint_id}}"


async def list_webhooks(call: Call[None, WebhooksQuery]) -> Listed[WebhookAnswer]:
    """All of them, or an application's, oldest first."""
    application_id = given(call.query.application_id)

    def look_up(reader: Reader) -> Listed[WebhookAnswer]:
        found = reader.webhook_endpoints.list(application_id=application_id)
        return Listed(items=[_answer(endpoint) for endpoint in found], next_cursor=None)

    return await call.read(look_up)


async def create_webhook(call: Call[CreateWebhook, NoQuery]) -> WebhookSecret | Replay:
    """A new endpoint, with its secret."""
    body = call.body

    def flow(unit: Unit) -> WebhookSecret:
        made = subscribe.create(
            unit,
            body.application_id,
            url=body.url,
            description=body.description,
            format=body.format.value,
            formats=call.node.wires.formats,
            types=None if body.types is UNSET else frozenset(body.types),
            personal=body.personal,
            internal=call.node.settings.internal_targets,
            by=call.party,
            origin=call.origin,
        )
        return _with_secret(made)

    return await call.run_once(flow)


async def get_webhook(call: Call[None, NoQuery]) -> WebhookAnswer:
    """One endpoint."""
    return await call.read(
        lambda reader: _answer(subscribe.known(reader, call.path["endpoint_id"]))
    )


async def update_webhook(call: Call[UpdateWebhook, NoQuery]) -> WebhookAnswer:
    """Change what is given."""
    body = call.body
    change = subscribe.EndpointChange(
        url=given(body.url),
        description=given(body.description),
        format=None if body.format is UNSET else body.format.value,
        types=None if body.types is UNSET else frozenset(body.types),
        personal=given(body.personal),
        status=given(body.status),
    )

    def flow(unit: Unit) -> WebhookAnswer:
        changed = subscribe.update(
            unit,
            call.path["endpoint_id"],
            change,
            formats=call.node.wires.formats,
            internal=call.node.settings.internal_targets,
            by=call.party,
            origin=call.origin,
        )
        return _answer(changed)

    return await call.run(flow)


async def delete_webhook(call: Call[None, NoQuery]) -> None:
    """Remove an endpoint with its deliveries."""
    await call.run(
        lambda unit: subscribe.delete(
            unit, call.path["endpoint_id"], by=call.party, origin=call.origin
        )
    )


async def rotate_webhook_secret(call: Call[RotateWebhookSecret, NoQuery]) -> WebhookSecret:
    """A new secret."""
    overlap = timedelta(minutes=call.body.overlap_minutes)
    rotated = await call.run(
        lambda unit: subscribe.rotate_secret(
            unit, call.path["endpoint_id"], overlap=overlap, by=call.party, origin=call.origin
        )
    )
    return _with_secret(rotated)


async def test_webhook(call: Call[None, NoQuery]) -> DeliveryAnswer:
    """Send a message that tells of nothing."""
    sent = await call.run(lambda unit: subscribe.send_test(unit, call.path["endpoint_id"]))
    call.node.new_deliveries.set()
    return delivery_answer(sent)


def _answer(endpoint: WebhookEndpoint) -> WebhookAnswer:
    return WebhookAnswer(
        id=endpoint.id,
        application_id=endpoint.application_id,
        url=endpoint.url,
        description=endpoint.description,
        format=cast(MessageFormat, endpoint.format),  # as stored, be it known here or not
        types=sorted(endpoint.types),
        personal=endpoint.personal,
        status=endpoint.status,
        disabled_because=endpoint.disabled_because,
        previous_secret_expires_at=endpoint.previous_secret_expires_at,
        failing_since=endpoint.failing_since,
        created_at=endpoint.created_at,
        updated_at=endpoint.updated_at,
    )


def _with_secret(made: subscribe.WithSecret) -> WebhookSecret:
    return WebhookSecret(webhook=_answer(made.endpoint), secret=made.secret)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_ALL,
        operation="list_webhooks",
        summary="Webhook endpoints",
        tag=_TAG,
        access=_READ,
        handler=list_webhooks,
        query=WebhooksQuery,
        answers=answers(Listed[WebhookAnswer]),
    ),
    Endpoint(
        method="POST",
        path=_ALL,
        operation="create_webhook",
        summary="Have a URL told of an application's events",
        description="The secret in the answer is shown this once; messages are signed with it.",
        tag=_TAG,
        access=_WRITE,
        handler=create_webhook,
        body=Body(type=CreateWebhook),
        answers=answers(WebhookSecret, status=HTTPStatus.CREATED),
        problems=(NotFound, Conflict),
        idempotent=True,
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        operation="get_webhook",
        summary="One webhook endpoint",
        tag=_TAG,
        access=_READ,
        handler=get_webhook,
        answers=answers(WebhookAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PATCH",
        path=_ONE,
        operation="update_webhook",
        summary="Change a webhook endpoint, disable or enable it",
        tag=_TAG,
        access=_WRITE,
        handler=update_webhook,
        body=Body(type=UpdateWebhook),
        answers=answers(WebhookAnswer),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        operation="delete_webhook",
        summary="Remove a webhook endpoint with its deliveries",
        tag=_TAG,
        access=_WRITE,
        handler=delete_webhook,
        answers=(NOTHING,),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/rotate-secret",
        operation="rotate_webhook_secret",
        summary="Replace the secret; messages are signed with both for a while",
        tag=_TAG,
        access=_WRITE,
        handler=rotate_webhook_secret,
        body=Body(type=RotateWebhookSecret, required=False),
        answers=answers(WebhookSecret),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/test",
        operation="test_webhook",
        summary="Send a test message",
        description="It is tried once.",
        tag=_TAG,
        access=_WRITE,
        handler=test_webhook,
        answers=answers(DeliveryAnswer, status=HTTPStatus.ACCEPTED),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
)
