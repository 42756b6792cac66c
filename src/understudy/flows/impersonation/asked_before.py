"""A backend that asks once more hears of the request that it made before, and of its approval."""

from __future__ import annotations

from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationRequest
from understudy.core.people.principals import ActorKind
from understudy.core.ports import GrantFilter, Unit
from understudy.core.rules.question import Snapshot
from understudy.flows.impersonation.premises import waits_still

_WAITING = frozenset({GrantStatus.PENDING, GrantStatus.READY})


def asked_before(unit: Unit, ask: ImpersonationRequest, seen: Snapshot) -> Grant | None:
    """The grant for which the same named actor waits already, or which others agreed to since.

    An operator has the dashboard to wait in. A backend has nothing but to ask again, and others
    are not to be asked again with it. Its new reason is not what they agreed to: the first stays.
    """
    if ask.actor.kind is not ActorKind.NAMED_BY_APPLICATION or ask.break_glass:
        return None
    where = GrantFilter(
        application_id=ask.application_id,
        actor_ref=ask.actor.ref,
        subject_ref=seen.subject.ref if seen.subject else None,
        statuses=_WAITING,
    )
    found = unit.grants.search(where)
    # What policies judge an actor by is as the application says it by now.
    same = (grant for grant in found if grant.actor.groups == ask.actor.groups)
    return next((grant for grant in same if _goes_on(unit, grant, seen)), None)


def _goes_on(unit: Unit, grant: Grant, seen: Snapshot) -> bool:
    current = seen.application is not None and seen.application.epoch == grant.epoch
    if grant.quorum is None or not current or unit.latest >= grant.expires_at:
        return False
    return grant.status is GrantStatus.PENDING or not waits_still(unit, grant, unit.latest)
