"""Write an ending into the log that was obeyed before it could be written."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.core.ids import ActorRef, SessionId, SubjectRef
from understudy.core.impersonation.endings import Ending, Reach
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import Event, EventType, Scalar
from understudy.core.ports import SessionFilter, Unit
from understudy.core.times import to_ms
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.close import close_as_of
from understudy.flows.origin import Origin

BATCH = 200
"""How many sessions one unit closes, so that others get their turn."""


def replay(unit: Unit, ending: Ending) -> bool:
    """Close what ``ending`` covers, as of its time; True when there is more for another unit.

    What it covers that is over by other means is told as well, and so is a session that is not
    known. To replay it twice writes nothing more.
    """
    if ending.reach is Reach.SESSION:
        _replay_one(unit, ending)
        return False
    covered = [one for one in unit.sessions.stored_live(_where(ending)) if ending.covers(one)]
    _close_all(unit, ending, covered[:BATCH])
    return len(covered) > BATCH


def _replay_one(unit: Unit, ending: Ending) -> None:
    session = unit.sessions.stored(SessionId(ending.ref or ""))
    if session is None:
        unit.record(_unfounded(EventType.ENDING_ORPHANED, ending))
    elif session.end_cause is None:
        _close_all(unit, ending, [session])
    elif not _is_written(ending, session):
        _record_late(unit, ending, session)


def _close_all(unit: Unit, ending: Ending, sessions: Sequence[Session]) -> None:
    for session in sessions:
        grant = unit.grants.get(session.grant_id)
        if grant is not None:
            close_as_of(unit, session, grant, ending)


def _is_written(ending: Ending, session: Session) -> bool:
    """Whether the writer was only slow to say yes: the row is as this very ending leaves it."""
    return session.ended_at == max(ending.at, session.started_at)


def _record_late(unit: Unit, ending: Ending, session: Session) -> None:
    grant = unit.grants.get(session.grant_id)
    if grant is None:
        unit.record(_unfounded(EventType.ENDING_LATE, ending))
        return
    unit.record(
        about(
            unit,
            grant,
            EventType.ENDING_LATE,
            origin=Origin(address=ending.address),
            by=ending.doer,
            session_id=session.id,
            details=_details(ending),
        )
    )


def _unfounded(kind: EventType, ending: Ending) -> Event:
    return Event(
        type=kind,
        application_id=ending.application_id,
        actor=ending.doer,
        session_id=SessionId(ending.ref or ""),
        address=ending.address,
        details=_details(ending),
    )


def _details(ending: Ending) -> dict[str, Scalar]:
    return {
        "cause": ending.cause,
        "by_kind": ending.doer_kind,
        "by_ref": ending.doer_ref,
        "at": to_ms(ending.at),
        "proven": ending.proven,
        "reach": ending.reach,
    }


def _where(ending: Ending) -> SessionFilter:
    if ending.reach is Reach.ACTOR:
        return SessionFilter(actor_ref=ActorRef(ending.ref or ""))
    if ending.reach is Reach.SUBJECT:
        return SessionFilter(subject_ref=SubjectRef(ending.ref or ""))
    if ending.reach is Reach.APPLICATION:
        return SessionFilter(application_id=ending.ref)
    return SessionFilter()
