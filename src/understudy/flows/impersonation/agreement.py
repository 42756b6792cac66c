"""Who of those who had to agree to a grant does so: by now, and as far as sessions stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from understudy.core.governance.approvals import Approval
from understudy.core.impersonation.grants import Grant
from understudy.core.ports import Reader
from understudy.core.rules.approval import why_not_approver
from understudy.core.rules.question import Snapshot


def standing_approvals(reader: Reader, grant: Grant) -> Sequence[Approval]:
    """Agreements to ``grant`` that nobody took back; where none is wanted, nothing is read."""
    if grant.quorum is None:
        return ()
    return [one for one in reader.approvals.of_grant(grant.id) if one.stands]


def with_agreement(reader: Reader, grant: Grant, seen: Snapshot) -> Snapshot:
    """``seen`` with how many agree to ``grant`` who are still active and still may."""
    if grant.quorum is None:
        return seen
    found = standing_approvals(reader, grant)
    return replace(seen, agreed=sum(_counts(reader, grant, seen, one) for one in found))


def is_taken_back(reader: Reader, grant: Grant) -> bool:
    """Whether an agreement that ``grant`` rests on is gone, whoever may agree by now."""
    return len(standing_approvals(reader, grant)) < (grant.quorum or 0)


def _counts(reader: Reader, grant: Grant, seen: Snapshot, approval: Approval) -> bool:
    operator, application = reader.operators.get(approval.operator_id), seen.application
    if operator is None or application is None:
        return False
    terms = application.settings.approval
    return why_not_approver(operator, grant, seen.subject, terms) is None
