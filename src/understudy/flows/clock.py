"""Tell what became of the clock, and end what stood on a time that is believed no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from understudy.core.clock import Turn
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, Event, EventType, Party, Scalar
from understudy.core.ports import Unit
from understudy.core.times import MILLISECOND
from understudy.flows.clock_doubt import add_unconfirmed, forget_doubts, unconfirmed
from understudy.flows.impersonation.end_all import Whose, cancel_waiting, end_live
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """The time that counts from now on, and what was known against it."""

    now: datetime
    newest: datetime
    unconfirmed: timedelta


_TYPES: Mapping[Turn, EventType] = {
    Turn.LEAPT: EventType.CLOCK_LEAPT,
    Turn.RETURNED: EventType.CLOCK_RETURNED,
    Turn.ADOPTED: EventType.CLOCK_ADOPTED,
}


def tell(unit: Unit, turn: Turn, apart: timedelta, *, vouched_for: bool = False) -> None:
    """Write down that the reference was ``apart`` ahead; whoever follows it signs everybody out.

    Sessions are ended besides, by `end_sessions`: that works also where nothing can be written.
    ``vouched_for`` says that a second clock agrees; without, what was leapt over is unconfirmed.
    """
    details: dict[str, Scalar] = {"apart_ms": apart // MILLISECOND}
    if turn is Turn.ADOPTED:
        details["signed_out"] = unit.operator_sessions.remove_all()
        if not vouched_for:
            add_unconfirmed(unit, apart)
    unit.record(Event(type=_TYPES[turn], actor=SYSTEM, details=details))


def tell_behind(unit: Unit) -> None:
    """Write down that the log has entries from the future, as far as this node knows."""
    newest = unit.entries.newest()
    if newest is not None:
        details: dict[str, Scalar] = {"apart_ms": (unit.now - newest) // MILLISECOND}
        unit.record(Event(type=EventType.CLOCK_LEAPT, actor=SYSTEM, details=details))


def confirm(unit: Unit, *, by: Party) -> Confirmed:
    """Take the present time for right, as somebody says who has looked: the log goes on from it.

    Nobody is refused for what the log has seen any more, and retention waits for nobody.
    """
    newest = unit.entries.newest() or unit.now
    confirmed = Confirmed(now=unit.now, newest=newest, unconfirmed=unconfirmed(unit))
    forget_doubts(unit)
    details: dict[str, Scalar] = {
        "apart_ms": (unit.now - newest) // MILLISECOND,
        "unconfirmed_ms": confirmed.unconfirmed // MILLISECOND,
    }
    unit.record(Event(type=EventType.CLOCK_CONFIRMED, actor=by, details=details))
    return confirmed


def end_sessions(unit: Unit) -> int:
    """End a batch of sessions; 0 once none is left."""
    return end_live(unit, Whose(), by=SYSTEM, origin=Origin(), cause=EndCause.CLOCK_DOUBT)


def cancel_grants(unit: Unit) -> int:
    """Cancel a batch of what may become a session, its token with it; 0 once none is left."""
    return cancel_waiting(unit, Whose(), by=SYSTEM, origin=Origin())
