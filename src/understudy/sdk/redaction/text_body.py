"""A whole body of text without what is hidden in it."""

from __future__ import annotations

import re

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_body import hidden_in_json
from understudy.sdk.redaction.script_text import hidden_in_script
from understudy.sdk.redaction.unreadable import Unreadable

# A line that says what it tells, as YAML, settings, vCards and calendars have it.
_LINE = re.compile(
    r"(?P<name>^[ \t>*-]*[\"']?"
    r"(?P<word>[^\s:=;\"'{}\[\],][^:=;\"'{}\[\],\r\n]{0,80}?)[\"']?(?:;[^:\r\n]*)?"
    r"[ \t]*[:=][ \t]*)(?P<value>[^\s\[{][^\r\n]*)",
    re.MULTILINE,
)


def hidden_in_text(body: bytes, rulings: Rulings) -> bytes:
    """``body`` with masks, by its look and by the names in it. It may be JSON all the same.

    :raises Unreadable: it is not UTF-8.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        try:
            return hidden_in_json(body, rulings)
        except Unreadable:
            pass
    shown = hidden_in_script(_LINE.sub(lambda line: _shown(line, rulings), text), rulings)
    return body if shown == text else shown.encode()


def _shown(line: re.Match[str], rulings: Rulings) -> str:
    deed = rulings.fields.deed(line.group("word"))
    return line.group() if deed is None else line.group("name") + text_for(deed)
