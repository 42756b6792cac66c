"""Who of those who had to agree to a grant does so: by now, and as far as sessions stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from understudy.core.governance.approvals import Approval, Approvers
from understudy.core.impersonation.grants import Grant
from understudy.core.ports import Reader
from understudy.core.rules.approval import (
    APPROVAL_MISSING,
    APPROVAL_REQUIRED,
    BREAK_GLASS_NOT_ALLOWED,
    Judged,
    approvers_within,
    may_break_glass,
    why_not_approver,
)
from understudy.core.rules.policy import approvals_wanted, verdict_again
from understudy.core.rules.question import Snapshot
from understudy.core.rules.rule import Rule
from understudy.flows.impersonation.known_as import judged, operator_known_as


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How many agree who still may, and whether more have to."""

    agreed: int
    waits: bool


def standing_approvals(reader: Reader, grant: Grant) -> Sequence[Approval]:
    """Agreements to ``grant`` that nobody took back; where none is wanted, nothing is read."""
    if grant.quorum is None:
        return ()
    return [one for one in reader.approvals.of_grant(grant.id) if one.stands]


def with_agreement(reader: Reader, grant: Grant, seen: Snapshot) -> Snapshot:
    """``seen`` with how many agree to ``grant`` who are still active and still may."""
    found, application = standing_approvals(reader, grant), seen.application
    if not found or application is None:
        return seen
    wanted = approvers_within(application.settings.approval, verdict_again(grant, seen))
    whose = judged(reader, grant)
    return replace(seen, agreed=sum(_counts(reader, whose, wanted, one) for one in found))


def why_not_agreed(reader: Reader, grant: Grant, seen: Snapshot) -> Rule | None:
    """The rule by which what runs stands on too little by now; None while it stands on enough.

    Agreements are counted that nobody took back, whoever may agree by now.
    """
    if grant.review_id is not None:
        return None if may_break_glass(seen) else BREAK_GLASS_NOT_ALLOWED
    wanted = approvals_wanted(grant, seen)
    stand = len(standing_approvals(reader, grant)) if wanted else 0
    if stand >= wanted:
        return None
    # Nobody took anything back where more have to agree by now than when it was asked for.
    return APPROVAL_MISSING if stand < (grant.quorum or 0) else APPROVAL_REQUIRED


def _counts(reader: Reader, whose: Judged, wanted: Sequence[Approvers], approval: Approval) -> bool:
    operator = reader.operators.get(approval.operator_id)
    if operator is None:
        return False
    known_as = operator_known_as(reader, operator, approval.application_id)
    return why_not_approver(operator, known_as, whose, wanted) is None
