"""What compiled policies say to a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cedarpy

from understudy.cedar.compiled import Compiled
from understudy.cedar.question import Asked, asked, entities_of, request_of
from understudy.cedar.terms import Terms
from understudy.core.governance.policies import PolicyQuestion, PolicyVerdict
from understudy.core.impersonation.restrictions import Scope

_REMEMBERED = 512
_APART = "The policies that permit name approvers that have no role and no group in common."


def decided(held: Compiled, question: PolicyQuestion) -> PolicyVerdict:
    """The verdict of the policies that are ``held`` to.

    :raises ValueError: the question cannot be put.
    """
    return _decided(held, asked(question, held.looked))


# One use asks more than once within a unit, and one session at each refresh: and gets the same, as
# long as nothing changed at which the policies look.
@lru_cache(maxsize=_REMEMBERED)
def _decided(held: Compiled, what: Asked) -> PolicyVerdict:
    # People were checked against the schema, and circumstances are ours to write as it says.
    request, people = request_of(what), entities_of(what.people)
    answer = cedarpy.is_authorized(request, held.quick, people)
    # A policy that errors is skipped, and it may be the one that forbids.
    if answer.decision is cedarpy.Decision.Allow and not answer.diagnostics.errors:
        return _permitted([held.terms[one] for one in sorted(answer.diagnostics.reasons)])
    # No, whatever these say: they are asked for the reason.
    apart = cedarpy.is_authorized(request, held.policies, people).diagnostics
    if apart.errors:
        return PolicyVerdict(permitted=False, faults=tuple(apart.errors))
    deciding = [held.terms[one] for one in sorted(apart.reasons)]
    return PolicyVerdict(permitted=False, deciding=_names(deciding))


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
