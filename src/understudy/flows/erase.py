"""Forget what the log says about one person; the erasure itself is written down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from understudy.audit.erasure import ErasedPart, erasures
from understudy.core.events import Event, EventType, Party
from understudy.core.ports import GrantFilter, Page, SessionFilter, Unit
from understudy.errors import Conflict, NotFound
from understudy.flows.origin import Origin

_ERASED = "(erased)"
_PAGE = Page(limit=500)


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How many entries and grants lost their personal half."""

    entries: int
    grants: int


def erase_subject(
    unit: Unit, application_id: str, subject_id: str, *, by: Party, origin: Origin
) -> Erased:
    """Delete names, addresses, reasons and paths from every entry about a subject.

    What stays are our own random ids, outcomes and times; root and proofs do not change. The
    directory is the application's: deleting the subject there is a step of its own.

    :raises NotFound: the application never had such a subject.
    :raises Conflict: somebody works as the subject right now.
    """
    subject = unit.subjects.get(application_id, subject_id)
    if subject is None:
        raise NotFound
    if unit.sessions.live(SessionFilter(subject_ref=subject.ref)):
        raise Conflict("Somebody works as this user right now. Revoke the session first.")
    indexes = unit.erasures.personal_of_subject(application_id, subject.ref)
    for erasure in erasures(ErasedPart.PERSONAL, indexes):
        unit.record(
            Event(
                type=EventType.AUDIT_ERASED,
                application_id=application_id,
                actor=by,
                address=origin.address,
                user_agent=origin.user_agent,
                details={**erasure.to_details(), "subject_ref": subject.ref},
            )
        )
    return Erased(entries=len(indexes), grants=_erase_grants(unit, subject.ref))


def _erase_grants(unit: Unit, subject_ref: str) -> int:
    count = 0
    page = _PAGE
    while grants := unit.grants.search(GrantFilter(subject_ref=subject_ref), page):
        for grant in grants:
            unit.grants.save(replace(grant, reason=_ERASED, ticket=None, return_to=None))
        count += len(grants)
        last = grants[-1]
        key = (str(int(last.created_at.timestamp() * 1000)), last.id)
        page = replace(page, after=key)
    return count
