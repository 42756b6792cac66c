"""Whether a change that waits may be confirmed by now, and by whom."""

from __future__ import annotations

from understudy.core.governance.policies import PolicySet
from understudy.core.governance.policy_terms import Confirmation, PolicyTerms
from understudy.core.governance.safeguards import Loosening
from understudy.core.notices.events import Party
from understudy.core.ports import Unit
from understudy.errors import Conflict


def require_confirmable(
    unit: Unit, change: PolicySet | Loosening, terms: PolicyTerms, *, by: Party, called: str
) -> None:
    """Return only if ``by`` may confirm ``change`` now. The rule in a refusal begins as ``called``.

    :raises Conflict: it is their own where a second admin has to, or its time has not come.
    """
    if terms.confirmation is Confirmation.SECOND_ADMIN and change.set_by == by.own_ref:
        raise Conflict(
            "Whoever asked for this change cannot confirm it. Ask another admin.",
            facts={"rule": f"{called}_own_change"},
        )
    if unit.earliest < change.confirmable_at:
        raise Conflict(
            "This change cannot be confirmed yet. It waits until "
            f"{change.confirmable_at:%Y-%m-%d %H:%M} UTC.",
            facts={"rule": f"{called}_too_early"},
        )
