"""What an entry tells of the policies that were asked."""

from __future__ import annotations

from understudy.core.governance.policies import PolicyVerdict
from understudy.core.notices.events import Scalar
from understudy.core.rules.question import Snapshot

_MOST_NAMED = 20


def policy_facts(seen: Snapshot, verdict: PolicyVerdict | None) -> dict[str, Scalar]:
    """Which version decided, and which of its policies; nothing where none were asked."""
    if verdict is None or seen.occasion is None:
        return {}
    facts: dict[str, Scalar] = {"policy_version": seen.occasion.version}
    if verdict.deciding:
        facts["policies"] = ", ".join(verdict.deciding[:_MOST_NAMED])
    if verdict.faults:
        facts["policy_fault"] = verdict.faults[0]
    return facts
