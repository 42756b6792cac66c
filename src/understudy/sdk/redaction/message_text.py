"""One message of a live connection without what is hidden in it."""

from __future__ import annotations

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_body import hidden_in_json
from understudy.sdk.redaction.json_walk import looked_into
from understudy.sdk.redaction.script_text import hidden_in_script
from understudy.sdk.redaction.unreadable import Unreadable


def hidden_in_message(text: str, rulings: Rulings) -> str:
    """``text``, which is JSON as a whole, or has some behind a few letters, or is any other."""
    try:
        return hidden_in_json(text.encode("utf-8", "surrogatepass"), rulings).decode()
    except Unreadable:
        if text.lstrip()[:1] == "<":
            return looked_into(text, rulings)
        # Such as the frames of Socket.IO: 42["event",{…}].
        return hidden_in_script(text, rulings)
