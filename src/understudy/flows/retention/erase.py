"""Forget what the log says about one person, in slices; each slice is written down.

Somebody may be in a million entries, and nobody else can write while a unit is open. A slice that
is done stays done: whatever breaks off, the same call goes on with what is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from understudy.audit.entries.erasure import ErasedPart, erasures
from understudy.core.governance.consents import MOST_STANDING_DAYS
from understudy.core.ids import SubjectId, SubjectRef
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import Event, EventType, Party, Scalar
from understudy.core.ports import GrantFilter, Page, SessionFilter, Unit
from understudy.core.times import to_ms
from understudy.errors import ClockInDoubt, Conflict, NotFound
from understudy.flows.origin import Origin
from understudy.flows.retention.holds import require_not_held

_ERASED = "(erased)"
_LONGEST = timedelta(days=MOST_STANDING_DAYS)
_PAGE = Page(limit=500)
SLICE = 2_000
"""Entries that one unit erases: some 50 ms, so that others get their turn."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How many entries and grants lost their personal half.

    ``next_index`` is where the next slice begins; None when nothing is left to forget.
    """

    entries: int
    grants: int
    next_index: int | None = None


def erase_subject(
    unit: Unit,
    application_id: str,
    subject_id: SubjectId,
    *,
    by: Party,
    origin: Origin,
    from_index: int = 0,
    limit: int = SLICE,
) -> Erased:
    """Delete names, addresses, reasons and paths from the entries about a subject, one slice.

    The last slice forgets the rest as well: grants, deliveries, holds. What stays are our own
    random ids, outcomes and times; root and proofs do not change. The directory is the
    application's: deleting the subject there is a step of its own.

    :raises ClockInDoubt: the clock has leapt, and it is not settled yet which time counts.
    :raises NotFound: the application never had such a subject.
    :raises Conflict: somebody works as the subject right now, or a legal hold covers them (then
        with the rule ``legal_hold``).
    """
    if unit.is_in_doubt:
        raise ClockInDoubt
    subject = unit.subjects.get(application_id, subject_id)
    if subject is None:
        raise NotFound
    require_not_held(unit, application_id, subject.ref)
    if unit.sessions.live(SessionFilter(subject_ref=subject.ref)):
        raise Conflict("Somebody works as this user right now. Revoke the session first.")
    indexes = unit.erasures.personal_of_subject(
        application_id, subject.ref, from_index=from_index, limit=limit
    )
    record_erasure(
        unit,
        application_id,
        ErasedPart.PERSONAL,
        indexes,
        by=by,
        origin=origin,
        details={"subject_ref": subject.ref},
    )
    if len(indexes) == limit:
        unit.deliveries.forget_entries(unit.now, indexes=indexes)
        return Erased(entries=limit, grants=0, next_index=indexes[-1] + 1)
    unit.deliveries.forget_entries(unit.now, indexes=indexes, subject_ref=subject.ref)
    return Erased(entries=len(indexes), grants=_forget_the_rest(unit, application_id, subject.ref))


def record_erasure(
    unit: Unit,
    application_id: str,
    part: ErasedPart,
    indexes: Sequence[int],
    *,
    by: Party,
    origin: Origin,
    details: Mapping[str, Scalar],
) -> None:
    """Write down which rising ``indexes`` lost how much; as many entries as that takes."""
    for erasure in erasures(part, indexes):
        unit.record(
            Event(
                type=EventType.AUDIT_ERASED,
                application_id=application_id,
                actor=by,
                address=origin.address,
                user_agent=origin.user_agent,
                details={**erasure.to_details(), **details},
            )
        )


def forgotten(grant: Grant) -> Grant:
    """The grant without what somebody wrote in it."""
    return replace(grant, reason=_ERASED, ticket=None, return_to=None, actor_as_given=None)


def forget_words_of_others(unit: Unit, grant: Grant) -> None:
    """Take what others wrote about the grant; nothing is read where nobody was asked."""
    if grant.quorum is not None:
        for approval in unit.approvals.of_grant(grant.id):
            unit.approvals.save(replace(approval, note=None))
    review = None if grant.review_id is None else unit.reviews.get(grant.review_id)
    if review is not None:
        unit.reviews.save(replace(review, note=None))


def is_forgotten(grant: Grant) -> bool:
    """Whether what was written in the grant is gone."""
    return grant.reason == _ERASED


def _forget_the_rest(unit: Unit, application_id: str, subject_ref: SubjectRef) -> int:
    """What is left once no entry names the subject; answers how many grants there were."""
    grants = _erase_grants(unit, subject_ref)
    unit.holds.forget(application_id, unit.now, subject_ref=subject_ref)
    unit.cases.forget(application_id, unit.now, subject_ref=subject_ref)
    # What they agreed to goes with them, in force or not: nobody is to work as them now.
    unit.consents.forget(application_id, unit.now + _LONGEST, subject_ref=subject_ref)
    # Deleted is not yet gone: the write-ahead log would keep it until somebody else overwrites it.
    unit.erasures.scrub()
    return grants


def _erase_grants(unit: Unit, subject_ref: SubjectRef) -> int:
    count = 0
    page = _PAGE
    while grants := unit.grants.search(GrantFilter(subject_ref=subject_ref), page):
        for grant in grants:
            unit.grants.save(forgotten(grant))
            forget_words_of_others(unit, grant)
        count += len(grants)
        last = grants[-1]
        key = (str(to_ms(last.created_at)), last.id)
        page = replace(page, after=key)
    return count
