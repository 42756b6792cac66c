"""Ask to see, for a while, what one rule of redaction hides at one address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from understudy.core.applications.application import Application
from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import Session
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Action, Event, EventType
from understudy.core.ports import Unit
from understudy.core.redaction.lifted import (
    MOST_REVEALS,
    PATH_MAX_LENGTH,
    REVEAL_LIFE,
    Lifted,
    Reveal,
)
from understudy.core.redaction.reveals import may_be_lifted
from understudy.core.rules.reveal import REVEAL_NOT_ALLOWED, TOO_MANY_REVEALS
from understudy.core.text import require_text
from understudy.errors import InvalidInput
from understudy.flows.governance.ask_unlock import live_session
from understudy.flows.governance.unlock_reason import require_reason
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.denied import Denied
from understudy.flows.origin import Origin

_MINUTE = timedelta(minutes=1)


def reveal(
    unit: Unit,
    application: Application,
    session_id: SessionId,
    lifted: Lifted,
    *,
    reason: str,
    origin: Origin,
) -> Reveal | Denied:
    """Let this session be shown ``lifted`` for some minutes; the entry comes before the sight.

    Asked for again it is another one, from now on.

    :raises NotFound: no such session of this application.
    :raises SessionOver: with its cause as the rule.
    :raises InvalidInput: a reason or an address that is none.
    """
    found = live_session(unit, application, session_id)
    given = require_reason(reason, found.application.settings)
    _require_address(lifted.path)
    if not may_be_lifted(found.restrictions.redaction, lifted):
        return Denied(rule=REVEAL_NOT_ALLOWED)
    if len(unit.reveals.of_session(found.session.id)) >= MOST_REVEALS:
        return Denied(rule=TOO_MANY_REVEALS)
    revealed = _revealed(unit, found.session, lifted)
    unit.reveals.add(revealed)
    unit.record(_entry(unit, revealed, found.grant, reason=given, origin=origin))
    return revealed


def _require_address(path: str) -> None:
    facts = {"field": "path"}
    if not path.startswith("/") or len(path) > PATH_MAX_LENGTH:
        raise InvalidInput("Name the address of a page, such as /customers/7.", facts=facts)
    require_text(path, "path")


def _revealed(unit: Unit, session: Session, lifted: Lifted) -> Reveal:
    return Reveal(
        id=unit.new_id(IdPrefix.REVEAL),
        application_id=session.application_id,
        session_id=session.id,
        kind=lifted.kind,
        match=lifted.match,
        path=lifted.path,
        revealed_at=unit.now,
        expires_at=min(unit.now + REVEAL_LIFE, session.ends_at),
    )


def _entry(unit: Unit, revealed: Reveal, grant: Grant, *, reason: str, origin: Origin) -> Event:
    minutes = -(-(revealed.expires_at - revealed.revealed_at) // _MINUTE)
    event = about(
        unit,
        grant,
        EventType.REDACTION_REVEALED,
        origin=origin,
        session_id=revealed.session_id,
        details={"reveals": f"{revealed.kind} {revealed.match}", "minutes": minutes},
    )
    action = Action(id=revealed.id, method="GET", route=None, path=revealed.path)
    return replace(event, reason=reason, action=action)
