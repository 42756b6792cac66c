"""Close the review of what was done without approval: by somebody else, with what they found."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.reviews import Review
from understudy.core.notices.events import EventType
from understudy.core.people.principals import Operator
from understudy.core.ports import Unit
from understudy.core.rules.approval import why_not_reviewer
from understudy.errors import InvalidInput, NotFound
from understudy.flows.governance.note import read_note
from understudy.flows.governance.turned_away import turn_away
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.known_as import judged, operator_known_as
from understudy.flows.origin import Origin


def close_review(
    unit: Unit, review_id: str, note: str, *, who: Operator, origin: Origin
) -> Review | Denied:
    """Write down that ``who`` has looked at it; one that is closed is answered as it is.

    :raises NotFound: no such review.
    :raises InvalidInput: no usable note.
    """
    review = unit.reviews.get(review_id)
    grant = None if review is None else unit.grants.get(review.grant_id)
    if review is None or grant is None:
        raise NotFound
    known_as = operator_known_as(unit, who, grant.application_id)
    rule = why_not_reviewer(known_as, judged(unit, grant))
    if rule is not None:
        return turn_away(unit, grant, rule, who, origin=origin)
    if review.closed_at is not None:
        return review
    found = read_note(note)
    if found is None:
        raise InvalidInput("Say what you found.", facts={"field": "note"})
    closed = replace(review, closed_at=unit.now, closed_by=who.id, note=found)
    unit.reviews.save(closed)
    told = about(
        unit,
        grant,
        EventType.REVIEW_CLOSED,
        origin=origin,
        by=who.party,
        details={"review_id": review.id},
    )
    unit.record(replace(told, reason=found))
    return closed
