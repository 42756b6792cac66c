"""Webhook endpoints: who hears of an application's events, and what was sent to them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from understudy.core.applications.addresses import origin_of
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.notices.receivers import InternalTargets, read_receiver
from understudy.core.notices.webhooks import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
)
from understudy.core.people.mail import MAIL_URL
from understudy.core.ports import Reader, Unit
from understudy.core.text import require_text
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.known_application import known_application
from understudy.flows.notices.mail_server import mail_server
from understudy.flows.notices.messages import MessageFormat, MessageFormats
from understudy.flows.origin import Origin

SECRET_BYTES = 32
"""Standard Webhooks 1.0.0: 24 to 64 random bytes."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - how the receivers' libraries know a secret
MAX_ENDPOINTS = 20
"""Endpoints of one application: each is asked about at each event."""


@dataclass(frozen=True, kw_only=True)
class WithSecret:
    """An endpoint and its secret, shown this once."""

    endpoint: WebhookEndpoint
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class EndpointChange:
    """What to change; None leaves it as it is."""

    url: str | None = None
    description: str | None = None
    format: str | None = None
    types: frozenset[str] | None = None
    personal: bool | None = None
    status: EndpointStatus | None = None


def create(
    unit: Unit,
    application_id: str,
    *,
    url: str,
    description: str,
    format: str,
    formats: MessageFormats,
    types: frozenset[str] | None,
    personal: bool,
    internal: InternalTargets,
    by: Party,
    origin: Origin,
) -> WithSecret:
    """A new endpoint, which hears of what happens from now on.

    :raises NotFound: no such application.
    :raises InvalidInput: a URL that cannot be called, an unknown format, types that it cannot tell,
        or a description that is no text.
    :raises Conflict: the application has enough of them.
    """
    _require_room(unit, application_id)
    require_text(description, "description")
    endpoint_id = unit.new_id(IdPrefix.WEBHOOK_ENDPOINT)
    secret = unit.random(SECRET_BYTES)
    endpoint = WebhookEndpoint(
        id=endpoint_id,
        application_id=application_id,
        url=url,
        description=description,
        format=format,
        types=_known_format(format, formats).default_types if types is None else types,
        personal=personal,
        status=EndpointStatus.ACTIVE,
        secret_encrypted=unit.vault.encrypt(secret_purpose(endpoint_id), secret),
        created_at=unit.now,
        updated_at=unit.now,
    )
    _require_callable(unit, endpoint, formats, internal)
    _require_tellable(endpoint, formats)
    unit.webhook_endpoints.add(endpoint)
    unit.record(_event(EventType.WEBHOOK_CREATED, endpoint, by, origin, _facts(endpoint)))
    return WithSecret(endpoint=endpoint, secret=_shown(secret))


def update(
    unit: Unit,
    endpoint_id: str,
    change: EndpointChange,
    *,
    formats: MessageFormats,
    internal: InternalTargets,
    by: Party,
    origin: Origin,
) -> WebhookEndpoint:
    """Change an endpoint. Disabling one cancels what is on its way; enabling forgives failures.

    :raises NotFound: no such endpoint.
    :raises InvalidInput: a URL that cannot be called, an unknown format, types that it cannot tell,
        or a description that is no text.
    """
    before = known(unit, endpoint_id)
    if change.description != before.description:
        require_text(change.description, "description")
    given = {name: value for name, value in vars(change).items() if value is not None}
    after = replace(before, **given, updated_at=unit.now)
    enabled = change.status is EndpointStatus.ACTIVE
    # Whatever else changes: what can no longer be called can still be disabled.
    if change.url is not None or enabled or after.format != before.format:
        _require_callable(unit, after, formats, internal)
    if (after.format, after.types) != (before.format, before.types):
        _require_tellable(after, formats, held=before.types)
    if after.status is not before.status:
        after = replace(after, disabled_because=None, failing_since=None, slowed_until=None)
    kind = EventType.WEBHOOK_UPDATED
    if before.status is EndpointStatus.ACTIVE and after.status is EndpointStatus.DISABLED:
        kind = EventType.WEBHOOK_DISABLED
        after = replace(after, disabled_because="disabled by an operator")
        unit.deliveries.cancel_of_endpoint(endpoint_id, unit.now)
    unit.webhook_endpoints.save(after)
    unit.record(_event(kind, after, by, origin, _facts(after)))
    return after


def delete(unit: Unit, endpoint_id: str, *, by: Party, origin: Origin) -> None:
    """Remove an endpoint with its deliveries.

    :raises NotFound: no such endpoint.
    """
    endpoint = known(unit, endpoint_id)
    unit.webhook_endpoints.remove(endpoint_id)
    unit.record(_event(EventType.WEBHOOK_DELETED, endpoint, by, origin))


def rotate_secret(
    unit: Unit, endpoint_id: str, *, overlap: timedelta, by: Party, origin: Origin
) -> WithSecret:
    """A new secret; messages are signed with both for ``overlap`` longer.

    :raises NotFound: no such endpoint.
    """
    before = known(unit, endpoint_id)
    secret = unit.random(SECRET_BYTES)
    after = replace(
        before,
        secret_encrypted=unit.vault.encrypt(secret_purpose(endpoint_id), secret),
        previous_secret_encrypted=before.secret_encrypted if overlap else None,
        previous_secret_expires_at=unit.now + overlap if overlap else None,
        updated_at=unit.now,
    )
    unit.webhook_endpoints.save(after)
    facts: dict[str, Scalar] = {"overlap_minutes": int(overlap.total_seconds() // 60)}
    unit.record(_event(EventType.WEBHOOK_SECRET_ROTATED, after, by, origin, facts))
    return WithSecret(endpoint=after, secret=_shown(secret))


def send_test(unit: Unit, endpoint_id: str) -> Delivery:
    """Send a message that tells of nothing. It is tried once.

    :raises NotFound: no such endpoint.
    :raises Conflict: it is disabled.
    """
    endpoint = _active(known(unit, endpoint_id))
    delivery = Delivery(
        id=unit.new_id(IdPrefix.WEBHOOK_MESSAGE),
        application_id=endpoint.application_id,
        endpoint_id=endpoint.id,
        kind=DeliveryKind.TEST,
        entry_index=None,
        event_type=None,
        subject_ref=None,
        status=DeliveryStatus.PENDING,
        attempts=0,
        next_attempt_at=unit.now,
        created_at=unit.now,
    )
    unit.deliveries.add(delivery)
    return delivery


def replay(
    unit: Unit, endpoint_id: str, delivery_id: str, *, by: Party, origin: Origin
) -> Delivery:
    """Send a message again, now and under its own id: receivers know that they had it.

    :raises NotFound: no such endpoint, or no such delivery of it.
    :raises Conflict: the endpoint is disabled, or what the message told was erased.
    """
    endpoint = _active(known(unit, endpoint_id))
    delivery = known_delivery(unit, endpoint_id, delivery_id)
    if delivery.entry_index is not None:
        entry = unit.entries.get(delivery.entry_index)
        if entry is None or entry.core is None:
            raise Conflict("What this message told was erased.")
    again = replace(
        delivery,
        status=DeliveryStatus.PENDING,
        next_attempt_at=min(delivery.next_attempt_at, unit.now),
        settled_at=None,
    )
    unit.deliveries.save(again)
    unit.record(
        _event(EventType.WEBHOOK_REPLAYED, endpoint, by, origin, {"delivery_id": delivery.id})
    )
    return again


def known(reader: Reader, endpoint_id: str) -> WebhookEndpoint:
    """The endpoint with this id.

    :raises NotFound: there is none.
    """
    endpoint = reader.webhook_endpoints.get(endpoint_id)
    if endpoint is None:
        raise NotFound("There is no such webhook endpoint.")
    return endpoint


def known_delivery(reader: Reader, endpoint_id: str, delivery_id: str) -> Delivery:
    """The delivery with this id, if it goes to that endpoint.

    :raises NotFound: there is none.
    """
    delivery = reader.deliveries.get(delivery_id)
    if delivery is None or delivery.endpoint_id != endpoint_id:
        raise NotFound("There is no such delivery.")
    return delivery


def secret_purpose(endpoint_id: str) -> str:
    """For what a secret is encrypted: no endpoint's opens as another's."""
    return f"webhook secret/{endpoint_id}"


def disable(unit: Unit, endpoint: WebhookEndpoint, *, because: str, by: Party) -> WebhookEndpoint:
    """Send nothing more to ``endpoint``; what is on its way is cancelled, and can be replayed."""
    disabled = replace(
        endpoint, status=EndpointStatus.DISABLED, disabled_because=because, updated_at=unit.now
    )
    unit.webhook_endpoints.save(disabled)
    unit.deliveries.cancel_of_endpoint(endpoint.id, unit.now)
    unit.record(
        _event(EventType.WEBHOOK_DISABLED, disabled, by, Origin(), {"disabled_because": because})
    )
    return disabled


def _known_format(name: str, formats: MessageFormats) -> MessageFormat:
    found = formats.get(name)
    if found is None:
        raise InvalidInput("There is no such format here.", facts={"field": "format"})
    return found


def _require_callable(
    reader: Unit, endpoint: WebhookEndpoint, formats: MessageFormats, internal: InternalTargets
) -> None:
    if not _known_format(endpoint.format, formats).by_mail:
        read_receiver(endpoint.url, internal)
        return
    if endpoint.url != MAIL_URL:
        raise InvalidInput(f"The URL for e-mail is {MAIL_URL}", facts={"field": "url"})
    if mail_server(reader, reader.vault) is None:
        raise Conflict("Set a mail server first.", facts={"rule": "mail_server_unset"})


def _require_tellable(
    endpoint: WebhookEndpoint, formats: MessageFormats, held: frozenset[str] = frozenset()
) -> None:
    """What was ``held`` may stay: a newer node may have let it choose what is unknown here."""
    unknown_here = held - frozenset(EventType)
    tellable = _known_format(endpoint.format, formats).tellable | unknown_here
    untold = sorted(endpoint.types - tellable)
    if untold:
        raise InvalidInput(
            f"In this format there are no messages about {', '.join(untold)}.",
            facts={"field": "types"},
        )


def _require_room(unit: Unit, application_id: str) -> None:
    known_application(unit, application_id)
    if len(unit.webhook_endpoints.list(application_id=application_id)) >= MAX_ENDPOINTS:
        raise Conflict(f"An application has {MAX_ENDPOINTS} webhook endpoints at most.")


def _active(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    if endpoint.status is not EndpointStatus.ACTIVE:
        raise Conflict("This endpoint is disabled. Enable it first.")
    return endpoint


def _shown(secret: bytes) -> str:
    return SECRET_PREFIX + b64encode(secret).decode()


def _facts(endpoint: WebhookEndpoint) -> dict[str, Scalar]:
    return {
        # Not the whole URL: many receivers keep a secret in its path, and the log is for ever.
        "origin": MAIL_URL if endpoint.url == MAIL_URL else origin_of(endpoint.url),
        "format": endpoint.format,
        "types": " ".join(sorted(endpoint.types)),
        "personal": endpoint.personal,
        "status": endpoint.status,
    }


def _event(
    event_type: EventType,
    endpoint: WebhookEndpoint,
    by: Party,
    origin: Origin,
    facts: Mapping[str, Scalar] | None = None,
) -> Event:
    return Event(
        type=event_type,
        application_id=endpoint.application_id,
        actor=by,
        address=origin.address,
        user_agent=origin.user_agent,
        details={"endpoint_id": endpoint.id, **(facts or {})},
    )
