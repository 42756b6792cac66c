"""What the entry of a new grant tells beside its people, its reason and its ticket."""

from __future__ import annotations

from understudy.core.governance.policies import PolicyVerdict
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.impersonation.token_kinds import NATIVE
from understudy.core.notices.events import Scalar
from understudy.core.rules.question import Snapshot
from understudy.flows.impersonation.policy_facts import policy_facts


def grant_facts(
    ask: ImpersonationRequest, seen: Snapshot, grant: Grant, verdict: PolicyVerdict | None
) -> dict[str, Scalar]:
    """The details of ``grant``, which came of ``ask`` and of what was ``seen``; none of nothing."""
    facts: dict[str, Scalar] = {
        "scope": grant.scope,
        "minutes": grant.minutes,
        "status": grant.status,
    }
    told: dict[str, Scalar] = {
        "origin": grant.origin,
        "consent_id": seen.consent.id if seen.consent else None,
        "marks": " ".join(grant.marks) if grant.marks is not None else None,
        "reason_given": None if ask.reason_given else False,
        "wire": None if ask.wire == NATIVE.name else ask.wire,
        "quorum": grant.quorum,
        "actor_groups": " ".join(grant.actor.groups) or None,
    }
    present = {name: value for name, value in told.items() if value is not None}
    return facts | policy_facts(seen, verdict) | present
