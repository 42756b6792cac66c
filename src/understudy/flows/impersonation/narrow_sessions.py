"""Hold live sessions to what was tightened, or is judged otherwise, in the unit that changes it."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import EventType, Party
from understudy.core.ports import SessionFilter, Unit
from understudy.core.rules.narrow import held_to, narrowed, told
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.close import close
from understudy.flows.impersonation.premises import end_fallen, policies_on
from understudy.flows.origin import Origin


def hold_sessions(unit: Unit, where: SessionFilter, *, by: Party, origin: Origin) -> None:
    """End every live session in ``where`` whose premises have fallen, and narrow the others.

    For whatever policies look at: an actor's roles, or a subject's, and not settings alone.
    """
    end_fallen(unit, where, by=by, origin=origin)
    narrow_sessions(unit, where, by=by, origin=origin)


def narrow_sessions(unit: Unit, where: SessionFilter, *, by: Party, origin: Origin) -> None:
    """Narrow every live session in ``where``; one whose shorter time is up ends.

    What is loosened later widens none of them again.
    """
    for session in unit.sessions.live(where):
        application = unit.applications.get(session.application_id)
        if application is not None:
            _narrow(unit, session, application, by=by, origin=origin)


def _narrow(
    unit: Unit, session: Session, application: Application, *, by: Party, origin: Origin
) -> None:
    granted = unit.grants.get(session.grant_id)
    if granted is None:
        return
    verdict = policies_on(unit, granted, unit.latest)
    grant = narrowed(granted, application.settings, verdict)
    narrower = held_to(session, grant, application.settings)
    if (grant, narrower) == (granted, session):
        return
    unit.grants.save(grant)
    unit.sessions.narrow(narrower)
    details = told(granted, grant) | {
        "idle_minutes": int(narrower.idle_limit.total_seconds() // 60),
        "by_kind": by.kind,
        "by_ref": by.ref,
    }
    kind = EventType.SESSION_NARROWED
    unit.record(about(unit, grant, kind, origin=origin, session_id=session.id, details=details))
    if narrower.over_because(unit.latest) is not None:
        close(unit, narrower, grant, cause=EndCause.RULES_CHANGED, by=by, origin=origin)
