"""Tell what became of the clock, and end what stood on a time that is believed no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from understudy.core.clock import Turn
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, Event, EventType, Scalar
from understudy.core.ports import Unit
from understudy.core.times import MILLISECOND
from understudy.flows.impersonation.end_all import Whose, cancel_waiting, end_live
from understudy.flows.origin import Origin

_TYPES: Mapping[Turn, EventType] = {
    Turn.LEAPT: EventType.CLOCK_LEAPT,
    Turn.RETURNED: EventType.CLOCK_RETURNED,
    Turn.ADOPTED: EventType.CLOCK_ADOPTED,
}


def tell(unit: Unit, turn: Turn, apart: timedelta) -> None:
    """Write down that the reference was ``apart`` ahead; whoever follows it signs everybody out.

    Sessions are ended besides, by `end_sessions`: that works also where nothing can be written.
    """
    details: dict[str, Scalar] = {"apart_ms": apart // MILLISECOND}
    if turn is Turn.ADOPTED:
        details["signed_out"] = unit.operator_sessions.remove_all()
    unit.record(Event(type=_TYPES[turn], actor=SYSTEM, details=details))


def end_sessions(unit: Unit) -> int:
    """End a batch of sessions; 0 once none is left."""
    return end_live(unit, Whose(), by=SYSTEM, origin=Origin(), cause=EndCause.CLOCK_DOUBT)


def cancel_grants(unit: Unit) -> int:
    """Cancel a batch of what may become a session, its token with it; 0 once none is left."""
    return cancel_waiting(unit, Whose(), by=SYSTEM, origin=Origin())
