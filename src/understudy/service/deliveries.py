"""What the worker of webhooks needs of the service: what to say, and with which keys."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import certifi
import msgspec

from understudy.core.applications.application import Application, Vertical
from understudy.core.notices.webhooks import (
    Delivery,
    DeliveryKind,
    EndpointStatus,
    MessageFormat,
    WebhookEndpoint,
)
from understudy.core.ports import Entry, KeyUse, Reader
from understudy.flows.notices.subscribe import secret_purpose
from understudy.http.node import Node
from understudy.http.nonces import new_jwt_id
from understudy.keys import session_keys
from understudy.webhooks.formats import Message, render
from understudy.webhooks.sender import Sender
from understudy.webhooks.signing import signature_headers
from understudy.webhooks.worker import Outgoing, Worker
from understudy.wires.oauth import logout
from understudy.wires.stytch import objects


def delivery_worker(node: Node) -> Worker:
    """The worker of ``node``."""
    sender = Sender(internal=node.settings.internal_targets, tls=tls_context, timer=time.monotonic)
    return Worker(
        node.engine,
        compose=Composer(node).compose,
        post=sender.post,
        clock=node.clock,
        timer=time.monotonic,
        chance=random.random,
        wake=node.new_deliveries,
    )


@cache
def tls_context() -> ssl.SSLContext:
    """The machine's authorities, with those that come along for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context


class Composer:
    """Says what a delivery tells, from the log as it is now."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def compose(self, delivery: Delivery) -> Outgoing | None:
        """The request to send; None when there is nothing left to tell, or nobody to tell it to."""
        with self._node.engine.reading() as reader:
            application = reader.applications.get(delivery.application_id)
            if application is None:
                return None
            endpoint = reader.webhook_endpoints.get(delivery.endpoint_id or "")
            entry = _entry(reader, delivery)
            person = _person(reader, application, endpoint, entry)
        if delivery.kind is DeliveryKind.LOGOUT:
            return self._logout(application, entry)
        if endpoint is None or endpoint.status is not EndpointStatus.ACTIVE:
            return None
        if entry is None and delivery.kind is not DeliveryKind.TEST:
            return None
        return self._signed(
            Message(
                id=delivery.id,
                at=delivery.created_at if entry is None else entry.time,
                endpoint=endpoint,
                application=application,
                entry=entry,
                issuer=self._node.settings.public_url,
                person=person,
            )
        )

    def _signed(self, message: Message) -> Outgoing | None:
        rendered, endpoint = render(message), message.endpoint
        if rendered is None:
            return None
        signatures = signature_headers(
            message.id, self._node.clock(), rendered.body, secrets=self._secrets(endpoint)
        )
        return Outgoing(
            url=endpoint.url,
            headers={"Content-Type": rendered.media_type, **signatures},
            body=rendered.body,
            shown=rendered.body.decode(),
        )

    def _secrets(self, endpoint: WebhookEndpoint) -> list[bytes]:
        """The secrets that sign now, the newest first."""
        found = [endpoint.secret_encrypted]
        until = endpoint.previous_secret_expires_at
        if endpoint.previous_secret_encrypted and until and self._node.clock() < until:
            found.append(endpoint.previous_secret_encrypted)
        vault, purpose = self._node.engine.vault, secret_purpose(endpoint.id)
        return [vault.decrypt(purpose, sealed) for sealed in found]

    def _logout(self, application: Application, entry: Entry | None) -> Outgoing | None:
        """The logout token of a session that is over; its key is made when it is first needed."""
        url = application.settings.logout_url
        session_id = (entry.core or {}).get("session_id") if entry is not None else None
        if entry is None or url is None or session_id is None:
            return None
        subject_id = (entry.personal or {}).get("subject_id")
        contents = logout.claims(
            issuer=self._node.settings.public_url,
            application_id=application.id,
            subject_id=None if subject_id is None else str(subject_id),
            session_id=str(session_id),
            now=self._node.clock(),
            jwt_id=new_jwt_id(),
        )
        token = logout.sign(contents, self._signer(application.id))
        return Outgoing(
            url=url,
            headers={"Content-Type": logout.MEDIA_TYPE},
            body=logout.form(token),
            # What it says, not the token itself: that would be good for two minutes.
            shown=msgspec.json.encode(contents).decode(),
        )

    def _signer(self, application_id: str) -> session_keys.JwtSigner:
        node = self._node
        if not self._has_key(application_id):
            pair = session_keys.generate()
            node.engine.run(
                lambda unit: session_keys.add_first(unit, application_id, pair, use=KeyUse.LOGOUT)
            )
        with node.engine.reading() as reader:
            return node.session_keys.signer(reader, application_id, node.clock(), use=KeyUse.LOGOUT)

    def _has_key(self, application_id: str) -> bool:
        with self._node.engine.reading() as reader:
            return session_keys.has_key(
                reader, application_id, self._node.clock(), use=KeyUse.LOGOUT
            )


def _entry(reader: Reader, delivery: Delivery) -> Entry | None:
    """The entry that is told of; None once both halves of it were erased."""
    if delivery.entry_index is None:
        return None
    entry = reader.entries.get(delivery.entry_index)
    return entry if entry is not None and entry.core is not None else None


def _person(
    reader: Reader,
    application: Application,
    endpoint: WebhookEndpoint | None,
    entry: Entry | None,
) -> Mapping[str, Any] | None:
    """The subject of an entry as Stytch's webhooks show it, as far as the entry still names it."""
    if endpoint is None or not endpoint.personal or endpoint.format is not MessageFormat.STYTCH:
        return None
    named, core = (entry.personal or {}, entry.core or {}) if entry is not None else ({}, {})
    subject = reader.subjects.get(application.id, str(named.get("subject_id", "")))
    if subject is None or subject.ref != core.get("subject_ref"):
        return None
    return (
        objects.member(subject) if application.vertical is Vertical.B2B else objects.user(subject)
    )
