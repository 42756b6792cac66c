"""How our messages are spelled: in our own shape, and as CloudEvents 1.0.

Everything is rendered when it is sent, from the audit entry as it is then: what was erased
meanwhile is told to nobody.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from understudy.flows.notices.messages import Message, MessageFormat, Rendered

JSON = "application/json"
CLOUDEVENTS_JSON = "application/cloudevents+json"


def _native(message: Message) -> Rendered:
    """The payload that Standard Webhooks 1.0.0 recommends."""
    body = {"type": message.type, "timestamp": rfc3339(message.at), "data": message.data}
    return Rendered(media_type=JSON, body=msgspec.json.encode(body))


def _cloudevents(message: Message) -> Rendered:
    """A CloudEvent 1.0 in structured mode; one entry is one event, to whomever it is sent."""
    entry = message.entry
    body = {
        "specversion": "1.0",
        "id": message.id if entry is None else str(entry.index),
        "source": f"{message.issuer}/applications/{message.application.id}",
        "type": f"dev.understudy.{message.type}",
        "time": rfc3339(message.at),
        "datacontenttype": JSON,
        "data": message.data,
    }
    return Rendered(media_type=CLOUDEVENTS_JSON, body=msgspec.json.encode(body))


def rfc3339(moment: datetime, timespec: str = "milliseconds") -> str:
    """RFC 3339, in UTC."""
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


NATIVE = MessageFormat(name="native", render=_native)
CLOUDEVENTS = MessageFormat(name="cloudevents", render=_cloudevents)
