"""A user agrees for a time that somebody works in their account, and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from understudy.core.governance.consents import Consent, ConsentKind, ConsentMode
from understudy.core.ids import SubjectId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType, Scalar
from understudy.core.people.principals import Subject
from understudy.core.ports import SessionFilter, Unit
from understudy.core.times import to_ms
from understudy.errors import Conflict, InvalidInput
from understudy.flows.governance.whom import asked_of, the_user, told
from understudy.flows.impersonation.premises import end_fallen
from understudy.flows.impersonation.taken_back import take_back
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """What was taken back, and which sessions ended with it."""

    consents: int
    ended: Sequence[Session]


def agree(
    unit: Unit,
    application_id: str,
    subject_id: SubjectId,
    *,
    days: int | None = None,
    scope: Scope = Scope.FULL,
    origin: Origin,
) -> Consent:
    """A standing consent of the user's, in place of one that they gave before.

    The caller knows that it is the user: nobody else may say it for them.

    :raises NotFound: no such user.
    :raises Conflict: no standing consent is asked for there.
    :raises InvalidInput: more days than the application allows.
    """
    subject = the_user(unit, application_id, subject_id)
    application, mode = asked_of(unit, subject)
    if mode is not ConsentMode.STANDING:
        raise Conflict("Consent for a time is not asked for here.", facts={"rule": "consent_mode"})
    most = application.settings.consent.standing_days
    if days is not None and not 1 <= days <= most:
        raise InvalidInput(f"Between 1 and {most} days.", facts={"field": "days"})
    for earlier in _standing(unit, subject):
        take_back(unit, subject, earlier, by=subject.party, origin=origin)
    consent = Consent(
        id=unit.new_id(IdPrefix.CONSENT),
        application_id=application_id,
        subject_ref=subject.ref,
        kind=ConsentKind.STANDING,
        scope=scope,
        given_at=unit.now,
        expires_at=unit.now + timedelta(days=days or most),
    )
    record_given(unit, subject, consent, origin)
    # What it replaces may have been wider.
    _end_what_fell(unit, subject, origin)
    return consent


def withdraw(
    unit: Unit, application_id: str, subject_id: SubjectId, *, origin: Origin
) -> Withdrawn:
    """Take back everything that the user agreed to; sessions that stand on it end in this unit.

    Taking back nothing is no error.

    :raises NotFound: no such user.
    """
    subject = the_user(unit, application_id, subject_id)
    taken = unit.consents.standing_or_used(subject.ref, unit.earliest)
    for consent in taken:
        take_back(unit, subject, consent, by=subject.party, origin=origin)
    return Withdrawn(consents=len(taken), ended=_end_what_fell(unit, subject, origin))


def record_given(unit: Unit, subject: Subject, consent: Consent, origin: Origin) -> None:
    """Store ``consent``, and write down all that is held against its row."""
    unit.consents.add(consent)
    details: dict[str, Scalar] = {
        "consent_id": consent.id,
        "kind": consent.kind,
        "scope": consent.scope,
        "minutes": consent.minutes,
        "until_ms": to_ms(consent.expires_at),
        "actor_ref": consent.actor_ref,
        "request_id": consent.request_id,
    }
    event = EventType.CONSENT_GIVEN
    unit.record(told(event, subject, by=subject.party, origin=origin, details=details))


def _standing(unit: Unit, subject: Subject) -> list[Consent]:
    found = unit.consents.standing_or_used(subject.ref, unit.earliest)
    return [one for one in found if one.kind is ConsentKind.STANDING]


def _end_what_fell(unit: Unit, subject: Subject, origin: Origin) -> Sequence[Session]:
    where = SessionFilter(application_id=subject.application_id, subject_ref=subject.ref)
    return end_fallen(unit, where, by=subject.party, origin=origin)
