"""Webhooks as receivers that were written for Stytch's read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from understudy.core.applications.application import Vertical
from understudy.core.notices.events import EventType, PartyKind
from understudy.flows.notices.messages import Message, MessageFormat, Rendered
from understudy.webhooks.formats import JSON, rfc3339
from understudy.wires.stytch import objects

TYPES: frozenset[EventType] = frozenset({EventType.SESSION_STARTED})
"""What can be told: the format knows nothing else of ours."""


def render(message: Message) -> Rendered | None:
    """Stytch's shape: who was impersonated, by the application's own id.

    The whole object comes along where the endpoint asks for personal data. None once the person was
    erased: without the id there is nothing to tell.
    """
    body: dict[str, Any] = {
        "event_id": message.id,
        "project_id": message.application.id,
        "vertical": "B2B" if message.application.vertical is Vertical.B2B else "CONSUMER",
        "timestamp": rfc3339(message.at, timespec="microseconds"),
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
    if message.subject is not None:
        subject = message.subject
        return objects.member(subject) if kind == "member" else objects.user(subject)
    found: dict[str, Any] = {f"{kind}_id": message.personal["subject_id"]}
    if kind == "member":
        found["organization_id"] = message.personal.get("organization_id")
    return found


FORMAT = MessageFormat(
    name="stytch", render=render, tellable=TYPES, default_types=TYPES, shows_people=True
)
