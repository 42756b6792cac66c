"""Entries about an application itself: its settings, its policies, what it hears from."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.core.applications.application import Application
from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.flows.origin import Origin


def application_event(
    kind: EventType,
    application: Application,
    by: Party,
    origin: Origin,
    details: Mapping[str, Scalar],
) -> Event:
    """What ``by`` has done to ``application``, which is named as it was called then."""
    return Event(
        type=kind,
        application_id=application.id,
        actor=by,
        address=origin.address,
        user_agent=origin.user_agent,
        details={"name": application.name, **details},
    )
