"""The ids of sessions as this wire's clients know them, which begin as Clerk's do."""

from __future__ import annotations

from understudy.core.ids import SessionId
from understudy.core.impersonation.tokens import IdPrefix

_OURS = IdPrefix.SESSION.value
_THEIRS = "sess_"


def shown(session_id: SessionId) -> str:
    """The id as answers and tokens of this wire carry it."""
    return _THEIRS + session_id.removeprefix(_OURS)


def meant(text: str) -> SessionId:
    """The session that ``text`` names, in this wire's spelling or in our own."""
    return SessionId(_OURS + text.removeprefix(_THEIRS) if text.startswith(_THEIRS) else text)
