"""Write down that an operator reads more of a directory than work takes."""

from __future__ import annotations

from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.ports import Unit
from understudy.flows.origin import Origin


def tell_read(unit: Unit, application_id: str, number: int, *, by: Party, origin: Origin) -> None:
    """``number`` users were shown to somebody of late, the last of them of this application."""
    details: dict[str, Scalar] = {"read": number}
    unit.record(_event(EventType.SUBJECTS_READ, application_id, details, by, origin))


def tell_opened(unit: Unit, application_id: str, number: int, *, by: Party, origin: Origin) -> None:
    """Somebody opened ``number`` different users within an hour, the last of this application."""
    details: dict[str, Scalar] = {"opened": number}
    unit.record(_event(EventType.SUBJECTS_OPENED, application_id, details, by, origin))


def _event(
    event_type: EventType,
    application_id: str,
    details: dict[str, Scalar],
    by: Party,
    origin: Origin,
) -> Event:
    return Event(
        type=event_type,
        application_id=application_id,
        actor=by,
        address=origin.address,
        user_agent=origin.user_agent,
        details=details,
    )
