"""Entries about a blocked write that somebody asked for."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.unlocks import Unlock
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import Action, Event, EventType, Outcome, Party
from understudy.core.ports import Reader
from understudy.flows.impersonation.about import about
from understudy.flows.origin import Origin


def entry_of(
    reader: Reader,
    unlock: Unlock,
    grant: Grant,
    kind: EventType,
    *,
    path: str,
    by: Party | None,
    origin: Origin,
) -> Event:
    """What happened to ``unlock``. Its values stand in no entry, only what tells it from others."""
    refused = kind is EventType.UNLOCK_REFUSED
    event = about(
        reader,
        grant,
        kind,
        origin=origin,
        by=by,
        session_id=unlock.session_id,
        outcome=Outcome.DENIED if refused else Outcome.OK,
        details={"unlock_id": unlock.id, "fingerprint": unlock.fingerprint.hex()},
    )
    action = Action(id=unlock.id, method=unlock.method, route=None, path=path)
    return replace(event, reason=unlock.reason, action=action)
