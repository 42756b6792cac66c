"""A whole JSON body without what is hidden."""

from __future__ import annotations

import re

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_check import require_json
from understudy.sdk.redaction.json_walk import walked

# What apps put before JSON so that it is no script; it stays.
_FRONT = re.compile(rb"\)\]\}',?\r?\n|for ?\(;;\);|while ?\((?:1|true)\);")
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
    return walked(body, rulings)
