"""A whole JSON body without what is hidden."""

from __future__ import annotations

import re

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_check import require_json
from understudy.sdk.redaction.json_quick import quick
from understudy.sdk.redaction.json_walk import walked
from understudy.sdk.redaction.script_text import hidden_in_script
from understudy.sdk.redaction.unreadable import Unreadable

# What apps put before JSON so that it is no script, or to say its charset; it stays.
_FRONT = re.compile(rb"\xef\xbb\xbf|\)\]\}',?\r?\n|for ?\(;;\);|while ?\((?:1|true)\);")
_RECORD = b"\x1e"
"""What begins a text of a JSON text sequence (RFC 7464, section 2.2)."""
_BLANK = b" \t\r\n"


def hidden_in_json(body: bytes, rulings: Rulings) -> bytes:
    """``body`` with masks; every byte beside them as it was.

    :raises Unreadable: it is not JSON, so that nobody can say what stands in it.
    """
    front = _FRONT.match(body)
    if front is not None:
        return front.group() + hidden_in_json(body[front.end() :], rulings)
    if not body.strip(_BLANK):
        return body
    require_json(body)
    way = quick(rulings)
    shown = way.hidden(body) if way is not None else None
    return walked(body, rulings) if shown is None else shown


def hidden_in_answer(body: bytes, rulings: Rulings) -> bytes:
    """``hidden_in_json``, for a whole answer or for one line of it.

    Where only secrets are looked for, what is no JSON is looked through as a script is: many a
    program takes what others refuse.

    :raises Unreadable: it is no JSON, and somebody has said that something may stand in it.
    """
    record = _RECORD if body.startswith(_RECORD) else b""
    try:
        return record + hidden_in_json(body[len(record) :], rulings)
    except Unreadable:
        if rulings.is_strict:
            raise
        # Each byte is a letter of this charset, so that all of them come back as they were.
        return hidden_in_script(body.decode("latin-1"), rulings).encode("latin-1")
