"""What guards an application's decisions from a single admin, and a change of it that waits.

These are the terms on which policies are changed, and the decision point. To loosen the terms, or
to have somebody else decide, takes what a change of policies takes by the terms in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from understudy.core.governance.decision_points import DecisionPoint, point_within_bounds
from understudy.core.governance.policy_terms import PolicyTerms, policy_terms_within_bounds


@dataclass(frozen=True, kw_only=True)
class Loosening:
    """A change that waits to be confirmed: of the ``terms``, where there are any, else of the
    decision point, to another one or to none.

    ``set_by`` asked for it, by our own reference. It may be confirmed from ``confirmable_at`` on.
    ``unknown`` is what a newer version stored.
    """

    id: str
    terms: PolicyTerms | None = None
    decision_point: DecisionPoint | None = None
    set_by: str
    set_at: datetime
    confirmable_at: datetime
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


def loosening_within_bounds(waits: Loosening | None) -> Loosening | None:
    """``waits``, with what it asks for within bounds; see `policy_terms_within_bounds`."""
    if waits is None:
        return None
    terms = None if waits.terms is None else policy_terms_within_bounds(waits.terms)
    point = point_within_bounds(waits.decision_point)
    return replace(waits, terms=terms, decision_point=point)


def moves(before: DecisionPoint | None, after: DecisionPoint | None) -> bool:
    """Whether somebody else than before decides, or nobody.

    With what it knows us by, and how long it is waited for, the same one goes on deciding.
    """
    return before is not None and (after is None or after.url != before.url)
