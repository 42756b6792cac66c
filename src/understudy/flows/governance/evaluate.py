"""The decision on a start, for those who only ask."""

from __future__ import annotations

from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.ports import Unit
from understudy.core.rules.decision import Deny, Permit, RequireApproval
from understudy.core.rules.policy import decide
from understudy.flows.clock_doubt import require_not_behind
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.request import deny, seen_by
from understudy.flows.origin import Origin


def evaluate(
    unit: Unit, ask: ImpersonationRequest, *, origin: Origin
) -> Permit | RequireApproval | Denied:
    """What ``request`` would decide on ``ask``; nothing is granted.

    A no is written down as one to a start, an alarm of a honey user with it: else this would be the
    door at which to try out who is whom, unseen.

    :raises ClockInDoubt: it is earlier than the log has seen.
    """
    require_not_behind(unit)
    seen = seen_by(unit, ask, origin=origin)
    decision = decide(ask, seen)
    if isinstance(decision, Deny):
        return deny(unit, ask, seen, decision, origin, only_asked=True)
    return decision
