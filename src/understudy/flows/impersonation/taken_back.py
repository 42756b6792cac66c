"""What a user agreed to is taken back: by them, or because they have moved."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.consent_requests import RequestState
from understudy.core.governance.consents import Consent
from understudy.core.notices.events import Event, EventType, Party
from understudy.core.people.principals import Subject
from understudy.core.ports import Unit
from understudy.flows.origin import Origin


def take_back(unit: Unit, subject: Subject, consent: Consent, *, by: Party, origin: Origin) -> None:
    """Take ``consent`` back, and write down who did so; sessions are the caller's to end."""
    unit.consents.save(replace(consent, withdrawn_at=unit.now))
    unit.record(
        Event(
            type=EventType.CONSENT_WITHDRAWN,
            application_id=subject.application_id,
            actor=by,
            subject=subject.party,
            address=origin.address,
            user_agent=origin.user_agent,
            details={"consent_id": consent.id},
        )
    )


def take_back_of_moved(unit: Unit, subject: Subject, *, by: Party, origin: Origin) -> None:
    """What a user agreed to, and is asked, in one organization says nothing of the next.

    Sessions end with the move as it is.
    """
    for consent in unit.consents.standing_or_used(subject.ref, unit.earliest):
        take_back(unit, subject, consent, by=by, origin=origin)
    for request in unit.consent_requests.pending(subject.ref, unit.earliest):
        over = replace(request, state=RequestState.SUPERSEDED, code_hash=None)
        unit.consent_requests.save(over)
