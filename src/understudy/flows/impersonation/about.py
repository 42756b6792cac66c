"""Entries about a grant, told the same everywhere: its people by what is known of them now."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import (
    SYSTEM,
    Event,
    EventType,
    Outcome,
    Party,
    PartyKind,
    Scalar,
)
from understudy.core.ports import Reader
from understudy.flows.origin import Origin


def about(
    reader: Reader,
    grant: Grant,
    event_type: EventType,
    *,
    origin: Origin,
    by: Party | None = None,
    session_id: SessionId | None = None,
    outcome: Outcome = Outcome.OK,
    rule: str | None = None,
    details: Mapping[str, Scalar] | None = None,
) -> Event:
    """An event of ``grant`` with both people, its reason and its ticket.

    ``by`` is who did it, its actor where nobody else is named. Time and rules act for themselves:
    whose call made us notice is nobody's doing, so that its ``origin`` is left out.
    """
    actor = grant.actor.party
    origin = Origin() if by == SYSTEM else origin
    return Event(
        type=event_type,
        application_id=grant.application_id,
        actor=actor,
        doer=None if by is None or by.is_same_as(actor) else by,
        subject=subject_party(reader, grant),
        organization=organization_party(reader, grant),
        grant_id=grant.id,
        session_id=session_id,
        outcome=outcome,
        rule=rule,
        reason=grant.reason,
        ticket=grant.ticket,
        address=origin.address,
        user_agent=origin.user_agent,
        details=details or {},
    )


def subject_party(reader: Reader, grant: Grant) -> Party:
    """The grant's subject; only the ids when the directory no longer knows the person."""
    subject = reader.subjects.get(grant.application_id, grant.subject_id)
    if subject is not None and subject.ref == grant.subject_ref:
        return subject.party
    return Party(kind=PartyKind.SUBJECT, ref=grant.subject_ref, id=grant.subject_id)


def organization_party(reader: Reader, grant: Grant) -> Party | None:
    """The grant's organization, or None where it has none."""
    if grant.organization_id is None:
        return None
    organization = reader.organizations.get(grant.application_id, grant.organization_id)
    if organization is not None and organization.ref == grant.organization_ref:
        return organization.party
    return Party(kind=PartyKind.ORGANIZATION, ref=grant.organization_ref, id=grant.organization_id)
