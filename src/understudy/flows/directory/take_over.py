"""A subject as the application's own user table has it at this moment, brought into the directory.

What the log says of it, and which sessions end, is as for every other way in (`maintain`).
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.people.principals import Status
from understudy.core.ports import Reader, Unit
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.maintain import (
    SubjectFacts,
    delete_subject,
    is_news,
    save_organization,
    save_subject,
)
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the application's table has of ``id``; without ``facts`` there is no such subject.

    ``organization_name`` is that of the organization in ``facts``; None says nothing of it.
    """

    id: SubjectId
    facts: SubjectFacts | None
    organization_name: str | None = None


def differs(reader: Reader, application: Application, found: Found) -> bool:
    """Whether the directory has it otherwise; what is as it was is no write."""
    if found.facts is None:
        known = reader.subjects.get(application.id, found.id)
        return known is not None and known.status is not Status.DELETED
    return is_news(reader, application, found.facts) or _organization_differs(
        reader, application, found
    )


def take_over(unit: Unit, application: Application, found: Found, *, origin: Origin) -> None:
    """Bring it in. It is the application that says so.

    :raises InvalidInput: something new about it is no text.
    """
    by = application.party
    if found.facts is None:
        if differs(unit, application, found):
            delete_subject(unit, application, found.id, by=by, origin=origin)
        return
    organization_id = found.facts.organization_id
    if organization_id not in (None, ABSENT) and _organization_differs(unit, application, found):
        save_organization(
            unit,
            application,
            organization_id,
            name=found.organization_name or organization_id,
            disabled=None,
            by=by,
            origin=origin,
        )
    save_subject(unit, application, found.facts, by=by, origin=origin)


def _organization_differs(reader: Reader, application: Application, found: Found) -> bool:
    organization_id = found.facts.organization_id if found.facts else None
    if organization_id is None or organization_id is ABSENT:
        return False
    known = reader.organizations.get(application.id, organization_id)
    if known is None or known.status is Status.DELETED:
        return True
    return found.organization_name is not None and found.organization_name != known.name
