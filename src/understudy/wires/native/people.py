"""From the ids that callers know to the references by which we search."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.ids import ActorRef, OrganizationId, OrganizationRef, SubjectId, SubjectRef
from understudy.core.ports import Reader, Vault
from understudy.errors import InvalidInput
from understudy.flows.impersonation.actors import actor_ref


@dataclass(frozen=True, kw_only=True)
class Found:
    """References for a filter; None where nothing was asked for."""

    application_id: str | None
    actor_ref: ActorRef | None = None
    subject_ref: SubjectRef | None = None
    organization_ref: OrganizationRef | None = None


def find_people(
    reader: Reader,
    vault: Vault,
    *,
    application_id: str | None,
    actor_id: str | None = None,
    subject_id: SubjectId | None = None,
    organization_id: OrganizationId | None = None,
) -> Found | None:
    """The references behind the ids, or None when one of them is nobody's.

    :raises InvalidInput: when it takes an application to say whose ids these are.
    """
    actor = actor_ref(vault, application_id, actor_id) if actor_id is not None else None
    needs_application = subject_id is not None or organization_id is not None
    if application_id is None and (needs_application or (actor_id is not None and actor is None)):
        raise InvalidInput(
            "Ids of an application's people need application_id.",
            facts={"field": "application_id"},
        )
    found = Found(
        application_id=application_id,
        actor_ref=actor,
        subject_ref=_subject_ref(reader, application_id, subject_id),
        organization_ref=_organization_ref(reader, application_id, organization_id),
    )
    asked = ((subject_id, found.subject_ref), (organization_id, found.organization_ref))
    return None if any(id_ is not None and ref is None for id_, ref in asked) else found


def _subject_ref(
    reader: Reader, application_id: str | None, subject_id: SubjectId | None
) -> SubjectRef | None:
    if application_id is None or subject_id is None:
        return None
    subject = reader.subjects.get(application_id, subject_id)
    return subject.ref if subject is not None else None


def _organization_ref(
    reader: Reader, application_id: str | None, organization_id: OrganizationId | None
) -> OrganizationRef | None:
    if application_id is None or organization_id is None:
        return None
    organization = reader.organizations.get(application_id, organization_id)
    return organization.ref if organization is not None else None
