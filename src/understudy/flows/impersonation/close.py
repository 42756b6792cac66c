"""The one way in which a session becomes over: row, grant and entry together."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.impersonation.endings import Ending
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.sessions import ENDED_CAUSES, EXPIRY_CAUSES, EndCause, Session
from understudy.core.notices.events import SYSTEM, EventType, Party, Scalar
from understudy.core.ports import Unit
from understudy.core.times import to_ms
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.minted import how_many
from understudy.flows.origin import Origin


def close(
    unit: Unit, session: Session, grant: Grant, *, cause: EndCause, by: Party, origin: Origin
) -> Session:
    """End ``session`` for ``cause``, or for the limit that it reached before, and close its grant.

    A relaunch leaves the grant open. The entry's actor is the session's own, and its doer ``by``:
    time, where a limit was reached before. A session that is over already is answered as it is:
    ending twice is no error.
    """
    if session.end_cause is not None:
        return session
    # A limit that was reached first wins: otherwise the log would depend on who happened to look.
    cause = session.over_because(unit.latest) or cause
    over = replace(session, ended_at=max(unit.now, session.started_at), end_cause=cause)
    return _write(unit, over, grant, cause, by=by, origin=origin, told={})


def close_as_of(unit: Unit, session: Session, grant: Grant, ending: Ending) -> Session:
    """End ``session`` as ``ending`` did before it could be written, and close its grant.

    Cause and time are those of the ending; the entry says when that was, and how its doer was
    known.
    """
    over = ending.over(session)
    told: dict[str, Scalar] = {"at": to_ms(ending.at), "proven": ending.proven}
    origin = Origin(address=ending.address)
    cause = over.end_cause or ending.cause
    return _write(unit, over, grant, cause, by=ending.doer, origin=origin, told=told)


def _write(
    unit: Unit,
    over: Session,
    grant: Grant,
    cause: EndCause,
    *,
    by: Party,
    origin: Origin,
    told: dict[str, Scalar],
) -> Session:
    unit.sessions.save(over)
    if cause is not EndCause.RELAUNCHED:
        unit.grants.save(
            # Disarmed as well: a launch that is under way in some browser ends here.
            replace(grant, status=GrantStatus.CLOSED, armed_until=None, armed_for=None)
        )
    doer = SYSTEM if cause in EXPIRY_CAUSES else by
    minted = how_many(unit, over.id)
    if minted:
        told = {**told, "minted": minted}
    unit.record(
        about(
            unit,
            grant,
            event_type(cause),
            origin=origin,
            # The app passes on that its actor pressed End, as it passes on all that they do.
            by=None if cause in ENDED_CAUSES else doer,
            session_id=over.id,
            details={"cause": cause, "by_kind": doer.kind, "by_ref": doer.ref, **told},
        )
    )
    return over


def event_type(cause: EndCause) -> EventType:
    """Whether ``cause`` means ended (by the actor), expired (by time) or revoked (by others)."""
    if cause in EXPIRY_CAUSES:
        return EventType.SESSION_EXPIRED
    return EventType.SESSION_ENDED if cause in ENDED_CAUSES else EventType.SESSION_REVOKED
