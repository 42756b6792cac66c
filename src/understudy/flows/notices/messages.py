"""What is told to one receiver, and the formats in which it can be spelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from understudy.core.applications.application import Application
from understudy.core.notices.events import EventType
from understudy.core.notices.webhooks import DEFAULT_TYPES, SUBSCRIBABLE, WebhookEndpoint
from understudy.core.people.principals import Subject
from understudy.core.ports import Entry

TEST_TYPE = "webhook.test"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be told to one endpoint. ``entry`` is None for a test, which tells of nothing.

    ``issuer`` is the service's public URL, ``at`` when what is told happened. ``subject`` comes
    along where the endpoint asks for personal data and its format shows whole people.
    """

    id: str
    at: datetime
    endpoint: WebhookEndpoint
    application: Application
    entry: Entry | None
    issuer: str
    subject: Subject | None = None

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
    """A body, and what kind of body it is; ``shown`` where people read it in another shape."""

    media_type: str
    body: bytes
    shown: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One request, or one e-mail to ``recipients``, who are not kept.

    ``shown`` is what is kept of its body for people to read.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    shown: str = field(repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class MessageFormat:
    """How messages are spelled. ``name`` is stored with the endpoint, and never changes.

    ``render`` answers None when nothing is left to tell. ``shows_people`` has the subject come
    along in messages with personal data. What is ``by_mail`` goes to no URL, but to people.
    """

    name: str
    render: Callable[[Message], Rendered | None]
    tellable: frozenset[EventType] = SUBSCRIBABLE
    default_types: frozenset[EventType] = DEFAULT_TYPES
    shows_people: bool = False
    by_mail: bool = False

    def spell(self, message: Message) -> Rendered | None:
        """The message in this format; None when there is nothing left to tell."""
        if message.entry is not None and message.entry.core is None:
            return None
        return self.render(message)


MessageFormats = Mapping[str, MessageFormat]
"""The formats that a node knows, by name. What is due in any other waits for a node that does."""
