"""The user who agrees, asks or complains; and entries about that."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.core.applications.application import Application
from understudy.core.governance.consents import ConsentMode
from understudy.core.ids import SubjectId
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind, Scalar
from understudy.core.people.principals import Status, Subject
from understudy.core.ports import Reader, Unit
from understudy.errors import NotFound
from understudy.flows.impersonation.consented import mode_of
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.origin import Origin, legible

BY_OPERATOR = "consent_by_operator"
"""The rule of what staff tried to agree to in place of a user."""
_ID_LENGTH = 255


def the_user(reader: Reader, application_id: str, subject_id: SubjectId) -> Subject:
    """The user with this id.

    :raises NotFound: there is none, or not any more.
    """
    subject = reader.subjects.get(application_id, subject_id)
    if subject is None or subject.status is Status.DELETED:
        raise NotFound("There is no such user.")
    return subject


def asked_of(reader: Reader, subject: Subject) -> tuple[Application, ConsentMode]:
    """The user's application as it stands, and what they have to agree to there.

    :raises NotFound: there is no such application.
    """
    application = reader.applications.get(subject.application_id)
    if application is None:
        raise NotFound
    return application, mode_of(application, subject)


def told(
    event_type: EventType,
    subject: Subject,
    *,
    by: Party,
    origin: Origin,
    details: Mapping[str, Scalar],
    outcome: Outcome = Outcome.OK,
    rule: str | None = None,
    reason: str | None = None,
    ticket: str | None = None,
) -> Event:
    """An event about what ``subject`` agreed to, or did not."""
    return Event(
        type=event_type,
        application_id=subject.application_id,
        actor=by,
        subject=subject.party,
        outcome=outcome,
        rule=rule,
        reason=reason,
        ticket=ticket,
        address=origin.address,
        user_agent=origin.user_agent,
        details=details,
    )


def refuse_operator(
    unit: Unit, operator: Party, path: Mapping[str, str], *, origin: Origin
) -> None:
    """Write down that an operator tried to agree in a user's place.

    Of no application: their word for which one is worth nothing here.
    """
    tried = Event(
        type=EventType.CONSENT_REFUSED,
        actor=operator,
        subject=Party(kind=PartyKind.SUBJECT, id=legible(path.get("subject_id"), _ID_LENGTH)),
        outcome=Outcome.DENIED,
        rule=BY_OPERATOR,
        address=origin.address,
        user_agent=origin.user_agent,
    )
    record_denial(unit, tried)
