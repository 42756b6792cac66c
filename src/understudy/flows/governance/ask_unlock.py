"""Ask that one blocked write be allowed."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.governance.unlocks import (
    MOST_WAITING,
    UNLOCK_LIFE,
    Unlock,
    UnlockStatus,
    Write,
)
from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType
from understudy.core.ports import Unit
from understudy.core.rules.rule import Rule
from understudy.core.rules.unlock import TOO_MANY_UNLOCKS, UNLOCK_NOT_NEEDED, UNLOCKS_OFF
from understudy.errors import NotFound, SessionOver
from understudy.flows.governance.bound_write import field_hashes, fingerprint, is_of, sealed
from understudy.flows.governance.unlock_by_policy import by_policy
from understudy.flows.governance.unlock_entries import entry_of
from understudy.flows.governance.unlock_reason import require_reason
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import OpenSession, look_again
from understudy.flows.origin import Origin


def ask_unlock(
    unit: Unit,
    application: Application,
    session_id: SessionId,
    write: Write,
    *,
    reason: str,
    origin: Origin,
) -> Unlock | Denied:
    """Ask for ``write``; what was asked for already is answered as it stands.

    Where policies let it through, nobody has to decide: it is allowed at once.

    :raises NotFound: no such session of this application.
    :raises SessionOver: with its cause as the rule.
    :raises InvalidInput: a reason that is none.
    """
    found = live_session(unit, application, session_id)
    session, grant = found.session, found.grant
    given = require_reason(reason, found.application.settings)
    rule = _unasked(found)
    if rule is not None:
        return Denied(rule=rule)
    mark = fingerprint(unit.vault, write, session, grant)
    standing = [one for one in unit.unlocks.of_session(session.id) if one.stands(unit.latest)]
    for one in standing:
        if is_of(one, mark) and one.status in (UnlockStatus.ASKED, UnlockStatus.ALLOWED):
            return one
    if sum(one.status is UnlockStatus.ASKED for one in standing) >= MOST_WAITING:
        return Denied(rule=TOO_MANY_UNLOCKS)
    unlock = _asked(unit, grant, session, write, reason=given)
    unit.unlocks.add(unlock)
    kind = EventType.UNLOCK_ASKED
    unit.record(entry_of(unit, unlock, grant, kind, path=write.path, by=None, origin=origin))
    return by_policy(unit, unlock, grant, write, origin=origin)


def live_session(unit: Unit, application: Application, session_id: SessionId) -> OpenSession:
    """The session of ``application``, every premise asked again, and as narrow as it is by now.

    A guard lets it in by what it was answered a while ago, and an hour may have come since at which
    policies forbid it.

    :raises NotFound: no such session of this application.
    :raises SessionOver: with its cause as the rule.
    """
    # Not as whoever authenticated it saw it: rules may have been tightened since.
    known = unit.applications.get(application.id) or application
    session = unit.sessions.get(session_id)
    found = look_again(unit, unit.vault, session, application=known, now=unit.latest, hides=True)
    if isinstance(found, OpenSession):
        return found
    if found.cause is None:
        raise NotFound
    raise SessionOver(facts={"rule": found.cause})


def _unasked(found: OpenSession) -> Rule | None:
    if not found.restrictions.unlocks:
        return UNLOCKS_OFF
    return None if found.restrictions.scope is Scope.READ_ONLY else UNLOCK_NOT_NEEDED


def _asked(unit: Unit, grant: Grant, session: Session, write: Write, *, reason: str) -> Unlock:
    name = unit.new_id(IdPrefix.UNLOCK)
    return Unlock(
        id=name,
        application_id=session.application_id,
        grant_id=grant.id,
        session_id=session.id,
        actor_ref=grant.actor.ref,
        subject_ref=grant.subject_ref,
        method=write.method,
        fingerprint=fingerprint(unit.vault, write, session, grant),
        fields=field_hashes(unit.vault, write, session),
        shown=sealed(unit.vault, name, write),
        reason=reason,
        status=UnlockStatus.ASKED,
        asked_at=unit.now,
        expires_at=unit.now + UNLOCK_LIFE,
    )
