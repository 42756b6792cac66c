"""What somebody writes beside their decision."""

from __future__ import annotations

from understudy.core.governance.approvals import NOTE_MAX_LENGTH
from understudy.core.text import require_text
from understudy.errors import InvalidInput


def read_note(given: str | None) -> str | None:
    """``given`` without space around it; None when nothing is left.

    :raises InvalidInput: it is no text, or too long.
    """
    note = (given or "").strip()
    if not note:
        return None
    require_text(note, "note", lines=True)
    if len(note) > NOTE_MAX_LENGTH:
        raise InvalidInput(f"Write {NOTE_MAX_LENGTH:,} letters at most.", facts={"field": "note"})
    return note
