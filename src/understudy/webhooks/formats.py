"""How a message is spelled: our own shape, CloudEvents 1.0, and Stytch's.

Everything is rendered when it is sent, from the audit entry as it is then: what was erased
meanwhile is told to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from understudy.core.applications.application import Application, Vertical
from understudy.core.notices.events import EventType, PartyKind
from understudy.core.notices.webhooks import MessageFormat, WebhookEndpoint
from understudy.core.ports import Entry

TEST_TYPE = "webhook.test"
JSON = "application/json"
CLOUDEVENTS_JSON = "application/cloudevents+json"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be told to one endpoint. ``entry`` is None for a test, which tells of nothing.

    ``issuer`` is the service's public URL, ``at`` when what is told happened. ``person`` is the
    subject as Stytch shows members or users, for endpoints that are to get it.
    """

    id: str
    at: datetime
    endpoint: WebhookEndpoint
    application: Application
    entry: Entry | None
    issuer: str
    person: Mapping[str, Any] | None = None

    @property
    def type(self) -> str:
        """The event's type, or that of tests."""
        return TEST_TYPE if self.entry is None else self.entry.type

    @property
    def personal(self) -> Mapping[str, Any]:
        """What can name people, as far as it has not been erased."""
        return (self.entry.personal or {}) if self.entry is not None else {}

    @property
    def data(self) -> dict[str, Any]:
        """The event: ids, outcomes and numbers, and the rest where the endpoint asks for it."""
        if self.entry is None:
            return {"application_id": self.application.id, "endpoint_id": self.endpoint.id}
        found: dict[str, Any] = {"entry_index": self.entry.index, **(self.entry.core or {})}
        if self.endpoint.personal:
            found["personal"] = dict(self.personal)
        return found


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A body, and what kind of body it is."""

    media_type: str
    body: bytes


def render(message: Message) -> Rendered | None:
    """The message in its endpoint's format; None when there is nothing left to tell."""
    if message.entry is not None and message.entry.core is None:
        return None
    return _FORMATS[message.endpoint.format](message)


def _native(message: Message) -> Rendered:
    """The payload that Standard Webhooks 1.0.0 recommends."""
    body = {"type": message.type, "timestamp": _time(message.at), "data": message.data}
    return Rendered(media_type=JSON, body=msgspec.json.encode(body))


def _cloudevents(message: Message) -> Rendered:
    """A CloudEvent 1.0 in structured mode; one entry is one event, to whomever it is sent."""
    entry = message.entry
    body = {
        "specversion": "1.0",
        "id": message.id if entry is None else str(entry.index),
        "source": f"{message.issuer}/applications/{message.application.id}",
        "type": f"dev.understudy.{message.type}",
        "time": _time(message.at),
        "datacontenttype": JSON,
        "data": message.data,
    }
    return Rendered(media_type=CLOUDEVENTS_JSON, body=msgspec.json.encode(body))


def _stytch(message: Message) -> Rendered | None:
    """Stytch's shape: who was impersonated, by the application's own id.

    The whole object comes along where the endpoint asks for personal data. None once the person was
    erased: without the id there is nothing to tell.
    """
    body: dict[str, Any] = {
        "event_id": message.id,
        "project_id": message.application.id,
        "vertical": "B2B" if message.application.vertical is Vertical.B2B else "CONSUMER",
        "timestamp": _time(message.at, timespec="microseconds"),
    }
    if message.entry is None:
        body |= _tested(message)
    elif message.entry.type == EventType.SESSION_STARTED and "subject_id" in message.personal:
        body |= _impersonated(message)
    else:
        return None
    return Rendered(media_type=JSON, body=msgspec.json.encode(body))


def _tested(message: Message) -> dict[str, Any]:
    return {
        "action": "TEST",
        "object_type": "webhook",
        "source": "DASHBOARD",
        "id": message.endpoint.id,
        "webhook": {"endpoint_id": message.endpoint.id},
    }


def _impersonated(message: Message) -> dict[str, Any]:
    kind = "member" if message.application.vertical is Vertical.B2B else "user"
    core = (message.entry.core or {}) if message.entry is not None else {}
    by_operator = core.get("actor_kind") == PartyKind.OPERATOR
    return {
        "action": "IMPERSONATE",
        "object_type": kind,
        "source": "DASHBOARD" if by_operator else "DIRECT",
        "id": message.personal["subject_id"],
        kind: _object(kind, message),
    }


def _object(kind: str, message: Message) -> Mapping[str, Any]:
    if message.person is not None:
        return message.person
    found: dict[str, Any] = {f"{kind}_id": message.personal["subject_id"]}
    if kind == "member":
        found["organization_id"] = message.personal.get("organization_id")
    return found


_FORMATS: Mapping[MessageFormat, Callable[[Message], Rendered | None]] = {
    MessageFormat.NATIVE: _native,
    MessageFormat.CLOUDEVENTS: _cloudevents,
    MessageFormat.STYTCH: _stytch,
}


def _time(moment: datetime, timespec: str = "milliseconds") -> str:
    """RFC 3339, in UTC."""
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")
