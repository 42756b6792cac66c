"""Use up what was allowed, before the app carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from understudy.core.applications.application import Application
from understudy.core.governance.unlocks import Unlock, UnlockStatus, Write
from understudy.core.ids import OperatorId, SessionId
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import EventType
from understudy.core.ports import Unit
from understudy.core.rules.unlock import may_decide
from understudy.flows.governance.ask_unlock import live_session
from understudy.flows.governance.bound_write import field_hashes, fingerprint, is_of
from understudy.flows.governance.unlock_by_policy import still_by_policy
from understudy.flows.governance.unlock_entries import entry_of
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Unspent:
    """Nothing was allowed for this; where something was for another, how that differs.

    ``differs`` are names of fields, in order; what was in them is told to nobody.
    """

    differs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return False


def spend_unlock(
    unit: Unit, application: Application, session_id: SessionId, write: Write, *, origin: Origin
) -> Unlock | Unspent:
    """Spend what was allowed for exactly ``write``; a write that is not the one spends nothing.

    :raises NotFound: no such session of this application.
    :raises SessionOver: with its cause as the rule.
    """
    live = live_session(unit, application, session_id)
    session, grant = live.session, live.grant
    allowed = [
        one
        for one in unit.unlocks.of_session(session.id)
        if one.status is UnlockStatus.ALLOWED and one.stands(unit.latest)
    ]
    mark = fingerprint(unit.vault, write, session, grant)
    found = next((one for one in allowed if is_of(one, mark)), None)
    if found is not None and not _still_allowed(unit, found, grant, write):
        found = None
    if found is None or not live.restrictions.unlocks:
        return Unspent(differs=_differing(allowed, field_hashes(unit.vault, write, session)))
    spent = replace(found, status=UnlockStatus.SPENT, spent_at=unit.now)
    unit.unlocks.save(spent)
    kind = EventType.UNLOCK_SPENT
    unit.record(entry_of(unit, spent, grant, kind, path=write.path, by=None, origin=origin))
    return spent


def _still_allowed(unit: Unit, unlock: Unlock, grant: Grant, write: Write) -> bool:
    """Whether whoever has allowed it may still do so; nobody has where the policies did."""
    if unlock.decided_by is None:
        return still_by_policy(unit, grant, write)
    decider = unit.operators.get(OperatorId(unlock.decided_by))
    return decider is not None and may_decide(decider)


def _differing(allowed: Sequence[Unlock], given: Mapping[str, str]) -> tuple[str, ...]:
    """The names by which ``given`` is nearest to one that was allowed."""
    differences = [_between(one.fields, given) for one in allowed]
    return min(differences, key=len, default=())


def _between(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted(one.keys() | other)
    return tuple(name for name in names if one.get(name) != other.get(name))
