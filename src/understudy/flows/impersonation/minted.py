"""What was made in sessions and outlives them: how much, and what nobody has revoked yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from understudy.core.ids import SessionId
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry, EntryFilter, Reader

_PAGE = 500
_TYPES = frozenset({EventType.CREDENTIAL_MINTED, EventType.CREDENTIAL_REVOKED})
MOST = 200
"""As many are told at a time; the rest once these are revoked."""


@dataclass(frozen=True, kw_only=True)
class Minted:
    """One such thing by the app's own name for it; ``id`` is that of the action that made it."""

    id: str
    session_id: SessionId
    kind: str
    reference: str
    at: datetime


def how_many(reader: Reader, session_id: SessionId) -> int:
    """How much was made in a session, as far as a page tells."""
    where = EntryFilter(session_id=session_id, types=frozenset({EventType.CREDENTIAL_MINTED}))
    return len(reader.entries.search(where, limit=_PAGE))


def outstanding(reader: Reader, application_id: str, *, now: datetime) -> Sequence[Minted]:
    """What was made in sessions that are over and was not revoked, oldest first.

    By the log itself, so that no other row can hide any of it. What was erased is not among it, as
    nobody knows its name any more.
    """
    revoked: set[object] = set()
    found: list[Minted] = []
    over: dict[SessionId, bool] = {}
    for entry in _entries(reader, application_id):
        core, personal = entry.core or {}, entry.personal or {}
        action_id = core.get("action_id")
        if entry.type == EventType.CREDENTIAL_REVOKED:
            revoked.add((core.get("session_id"), action_id))
            continue
        session_id, reference = SessionId(str(core.get("session_id"))), personal.get("reference")
        if (session_id, action_id) in revoked or not isinstance(reference, str):
            continue
        if session_id not in over:
            over[session_id] = _is_over(reader, session_id, now)
        if over[session_id]:
            found.append(_minted(entry, session_id, str(action_id), reference))
    return found[::-1][:MOST]


def _entries(reader: Reader, application_id: str) -> Iterator[Entry]:
    # Newest first, so that what was revoked is known before what was made.
    where, before = EntryFilter(application_id=application_id, types=_TYPES), None
    while entries := reader.entries.search(where, before=before, limit=_PAGE):
        yield from entries
        before = entries[-1].index


def _is_over(reader: Reader, session_id: SessionId, now: datetime) -> bool:
    session = reader.sessions.get(session_id)
    return session is None or session.over_because(now) is not None


def _minted(entry: Entry, session_id: SessionId, action_id: str, reference: str) -> Minted:
    details = (entry.core or {}).get("details")
    kind = details.get("kind") if isinstance(details, dict) else None
    return Minted(
        id=action_id,
        session_id=session_id,
        kind=str(kind or "unknown"),
        reference=reference,
        at=entry.time,
    )
