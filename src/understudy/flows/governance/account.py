"""What a user may do about those who work in their account: end a session, and say that it was not
agreed.
"""

from __future__ import annotations

from understudy.core.governance.cases import Case, CaseKind
from understudy.core.ids import SessionId, SubjectId
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.people.principals import Subject
from understudy.core.ports import Unit
from understudy.errors import NotFound
from understudy.flows.governance.open_case import open_case
from understudy.flows.governance.whom import the_user
from understudy.flows.impersonation.close import close
from understudy.flows.origin import Origin


def end_by_user(
    unit: Unit, application_id: str, subject_id: SubjectId, session_id: SessionId, *, origin: Origin
) -> Session:
    """The user ends a session in their account; one that is over is answered as it is.

    :raises NotFound: no such session in their account.
    """
    subject, session, grant = _theirs(unit, application_id, subject_id, session_id)
    cause = EndCause.REVOKED
    return close(unit, session, grant, cause=cause, by=subject.party, origin=origin)


def not_agreed(
    unit: Unit,
    application_id: str,
    subject_id: SubjectId,
    session_id: SessionId,
    *,
    note: str,
    origin: Origin,
) -> Case:
    """The user has not agreed to a session: it ends, its actor is frozen, and a case is opened.

    Saying so again leads to the same case, be it closed by now.

    :raises NotFound: no such session in their account.
    """
    subject, session, grant = _theirs(unit, application_id, subject_id, session_id)
    close(unit, session, grant, cause=EndCause.REVOKED, by=subject.party, origin=origin)
    said = unit.cases.of_session(grant.actor.ref, session.id)
    if said is not None:
        # Said once: again and again would freeze whom an admin has let work again, for ever.
        return said
    return open_case(
        unit,
        subject,
        grant.actor,
        CaseKind.NOT_AGREED,
        note=note,
        session_id=session.id,
        origin=origin,
    )


def _theirs(
    unit: Unit, application_id: str, subject_id: SubjectId, session_id: SessionId
) -> tuple[Subject, Session, Grant]:
    subject = the_user(unit, application_id, subject_id)
    session = unit.sessions.get(session_id)
    grant = None if session is None else unit.grants.get(session.grant_id)
    if session is None or grant is None or session.subject_ref != subject.ref:
        raise NotFound("There was no such session in your account.")
    return subject, session, grant
