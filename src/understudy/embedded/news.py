"""What an app within is told of its sessions: entries of the log, and endings before them."""

from __future__ import annotations

from understudy.core.impersonation.endings import Ending, Reach
from understudy.core.notices.event_sets import HELD_OTHERWISE
from understudy.core.ports import Entry
from understudy.sdk.values import RulesChanged, SessionClosed
from understudy.sdk.wire import read_cause


def news_of_ending(ending: Ending) -> SessionClosed | RulesChanged:
    """An ending that no entry tells of yet; of many sessions at once, each is asked for again."""
    if ending.reach is Reach.SESSION and ending.ref is not None:
        return SessionClosed(session_id=ending.ref, cause=ending.cause, event_id=None)
    return RulesChanged(event_id=None)


def news_of(entry: Entry, application_id: str) -> SessionClosed | RulesChanged | None:
    """What ``entry`` says of the application; None where that is nothing it has to hear."""
    core = entry.core or {}
    session_id, details = core.get("session_id"), core.get("details")
    if core.get("application_id") != application_id:
        return None
    if entry.type in HELD_OTHERWISE:
        return RulesChanged(event_id=str(entry.index))
    if not isinstance(session_id, str):
        return None
    cause = details.get("cause") if isinstance(details, dict) else None
    return SessionClosed(
        session_id=session_id,
        cause=read_cause(cause) if isinstance(cause, str) else None,
        event_id=str(entry.index),
    )
