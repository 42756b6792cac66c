"""Going ahead without the approval that is wanted: an alert, and a review that is owed for it."""

from __future__ import annotations

from understudy.core.governance.reviews import Review
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType, Scalar
from understudy.core.ports import Unit
from understudy.core.rules.decision import Permit, RequireApproval
from understudy.flows.impersonation.about import about
from understudy.flows.origin import Origin


def review_id_for(unit: Unit, decision: Permit | RequireApproval) -> str | None:
    """What the review will be called that is owed for ``decision``; None where none is."""
    breaks_glass = isinstance(decision, Permit) and decision.breaks_glass
    return unit.new_id(IdPrefix.REVIEW) if breaks_glass else None


def owe_review(unit: Unit, grant: Grant, *, origin: Origin) -> None:
    """Open the review that ``grant`` owes, and raise the alert; nothing where it owes none."""
    if grant.review_id is None:
        return
    review = Review(
        id=grant.review_id,
        application_id=grant.application_id,
        grant_id=grant.id,
        opened_at=unit.now,
    )
    unit.reviews.add(review)
    details: dict[str, Scalar] = {"review_id": review.id, "minutes": grant.minutes}
    unit.record(about(unit, grant, EventType.GLASS_BROKEN, origin=origin, details=details))
