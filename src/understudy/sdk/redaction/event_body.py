"""Server-sent events without what is hidden in them."""

from __future__ import annotations

import re

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.text_body import hidden_in_text

ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")
_LINE = re.compile(rb"((?:\xef\xbb\xbf)?(?:data(?:: ?|(?=[\r\n]|\Z))|))([^\r\n]*)(\r\n|\n|\r|\Z)")


def hidden_in_event(event: bytes, rulings: Rulings) -> bytes:
    """One event with the blank line behind it. Its data are one text, on however many lines; any
    other line may tell something too.

    :raises Unreadable: it is not UTF-8.
    """
    lines = [match.groups() for match in _LINE.finditer(event) if match.group()]
    data = b"\n".join(text for label, text, _ in lines if label)
    shown = hidden_in_text(data, rulings)
    # What is hidden may have been on several lines: then all of it stands where the first was.
    rest = shown.split(b"\n") if shown != data else []
    made: list[bytes] = []
    for label, text, end in lines:
        if not label or shown == data:
            made.append(label + (text if label else hidden_in_text(text, rulings)) + end)
        elif rest:
            made += [label + one + (end or b"\n") for one in rest]
            rest = []
    return b"".join(made)
