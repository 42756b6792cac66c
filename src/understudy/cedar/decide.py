"""What compiled policies say to a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cedarpy

from understudy.cedar.compiled import Compiled
from understudy.cedar.question import entities_of, request_of
from understudy.cedar.terms import Terms
from understudy.core.governance.policies import PolicyQuestion, PolicyVerdict
from understudy.core.impersonation.restrictions import Scope

_REMEMBERED = 512
_APART = "The policies that permit name approvers that have no role in common."


# One use asks more than once within a unit, and gets the same.
@lru_cache(maxsize=_REMEMBERED)
def decided(held: Compiled, question: PolicyQuestion) -> PolicyVerdict:
    """The verdict of the policies that are ``held`` to.

    :raises ValueError: the question cannot be put.
    """
    # People were checked against the schema, and circumstances are ours to write as it says.
    answer = cedarpy.is_authorized(request_of(question), held.policies, entities_of(question))
    # Before the decision: a policy that errors is skipped, and it may be the one that forbids.
    if answer.diagnostics.errors:
        return _no(*answer.diagnostics.errors)
    deciding = [held.terms[one] for one in sorted(answer.diagnostics.reasons)]
    if answer.decision is not cedarpy.Decision.Allow:
        return PolicyVerdict(permitted=False, deciding=_names(deciding))
    return _permitted(deciding)


def _permitted(deciding: Sequence[Terms]) -> PolicyVerdict:
    """Yes, on the strictest of all terms on which it was permitted."""
    named = [one.approvers for one in deciding if one.approvers]
    approvers = frozenset.intersection(*named) if named else frozenset()
    if named and not approvers:
        return PolicyVerdict(permitted=False, deciding=_names(deciding), faults=(_APART,))
    routes = [one.unlocks for one in deciding]
    return PolicyVerdict(
        permitted=True,
        deciding=_names(deciding),
        minutes=min((one.minutes for one in deciding if one.minutes is not None), default=None),
        scope=_narrowest([one.scope for one in deciding if one.scope is not None]),
        quorum=max((one.quorum for one in deciding), default=0),
        approvers=tuple(sorted(approvers)),
        # One that does not let it through leaves it to people.
        unlocks=tuple(routes) if all(routes) else (),
    )


def _narrowest(scopes: Sequence[Scope]) -> Scope | None:
    return Scope.READ_ONLY if Scope.READ_ONLY in scopes else next(iter(scopes), None)


def _names(deciding: Sequence[Terms]) -> tuple[str, ...]:
    return tuple(one.name for one in deciding)


def _no(*faults: str) -> PolicyVerdict:
    return PolicyVerdict(permitted=False, faults=faults)
