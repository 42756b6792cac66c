"""Write down that an operator reads more of a directory than work takes."""

from __future__ import annotations

from understudy.core.notices.events import Event, EventType, Party
from understudy.core.ports import Unit
from understudy.flows.origin import Origin


def tell_read(unit: Unit, application_id: str, number: int, *, by: Party, origin: Origin) -> None:
    """``number`` users were shown to somebody of late, the last of them of this application."""
    unit.record(
        Event(
            type=EventType.SUBJECTS_READ,
            application_id=application_id,
            actor=by,
            address=origin.address,
            user_agent=origin.user_agent,
            details={"read": number},
        )
    )
