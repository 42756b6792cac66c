"""Server-sent events without what is hidden in their data."""

from __future__ import annotations

import re

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_body import hidden_in_json
from understudy.sdk.redaction.text_body import hidden_in_text
from understudy.sdk.redaction.unreadable import Unreadable

ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")
_LINE = re.compile(rb"(data(?:: ?)?)([^\r\n]*)(\r\n|\n|\r|\Z)")


def hidden_in_event(event: bytes, rulings: Rulings) -> bytes:
    """One event with the blank line behind it. Its data are one text, on however many lines.

    :raises Unreadable: it is not UTF-8.
    """
    lines = [match for match in _LINE.finditer(event) if _begins(event, match.start())]
    if not lines:
        return hidden_in_text(event, rulings)
    data = b"\n".join(match.group(2) for match in lines)
    shown = _hidden_in_data(data, rulings)
    if shown == data:
        return event
    first, last = lines[0], lines[-1]
    label, end = first.group(1), first.group(3) or b"\n"
    put = end.join(label + line for line in shown.split(b"\n"))
    return event[: first.start()] + put + last.group(3) + event[last.end() :]


def _begins(event: bytes, place: int) -> bool:
    return place == 0 or event[place - 1 : place] in b"\r\n"


def _hidden_in_data(data: bytes, rulings: Rulings) -> bytes:
    try:
        return hidden_in_json(data, rulings)
    except Unreadable:
        # Events of any text are as good as those of JSON.
        return hidden_in_text(data, rulings)
