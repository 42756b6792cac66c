"""Who of those who had to agree to a grant does so: by now, and as far as sessions stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from understudy.core.governance.approvals import Approval, ApprovalTerms
from understudy.core.impersonation.grants import Grant
from understudy.core.ports import Reader
from understudy.core.rules.approval import terms_within, why_not_approver
from understudy.core.rules.policy import approvals_wanted, verdict_again
from understudy.core.rules.question import Snapshot


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
    terms = terms_within(application.settings.approval, verdict_again(grant, seen))
    return replace(seen, agreed=sum(_counts(reader, grant, seen, terms, one) for one in found))


def lacks_agreement(reader: Reader, grant: Grant, seen: Snapshot) -> bool:
    """Whether fewer agreements stand than ``grant`` needs by now, whoever may agree by now."""
    wanted = approvals_wanted(grant, seen)
    return wanted > 0 and len(standing_approvals(reader, grant)) < wanted


def _counts(
    reader: Reader, grant: Grant, seen: Snapshot, terms: ApprovalTerms, approval: Approval
) -> bool:
    operator = reader.operators.get(approval.operator_id)
    return operator is not None and why_not_approver(operator, grant, seen.subject, terms) is None
