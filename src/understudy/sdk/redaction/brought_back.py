"""What a request would store in place of a value that its sender was not shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from understudy.core.redaction.masks import holds_mask
from understudy.core.redaction.names import FieldNames
from understudy.core.redaction.rulings import Rulings

CODE = "masked_value_saved"
_DISPOSITION = re.compile(rb'content-disposition:[^\r\n]*?\bname="([^"\r\n]*)"', re.IGNORECASE)
# How forms say that a field lies in another: user[email], user.email, address-0-street.
_WITHIN = re.compile(r"[\[\].:]|__|-")


def brings_back(rulings: Rulings, content_type: str, query: str, body: bytes) -> bool:
    """Whether a mask comes back, in whatever case, or a field is named that rules hide.

    Fields that hide secrets alone may be written: whoever sets one does not need to see the old.
    """
    if holds_mask(query) or holds_mask(body.decode("latin-1")):
        return True
    names = rulings.written
    return bool(names) and any(_is_hidden(names, name) for name in _named(content_type, body))


def _is_hidden(names: FieldNames, name: str) -> bool:
    parts = [part for part in _WITHIN.split(name) if part]
    return any(names.deed(one) is not None for one in (name, *parts[-1:]))


def _named(content_type: str, body: bytes) -> Iterator[str]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("json"):
        yield from _keys(body)
    elif kind == "application/x-www-form-urlencoded":
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, errors="replace")
        yield from (name for name, _ in pairs)
    elif kind == "multipart/form-data":
        yield from (name.decode("utf-8", "replace") for name in _DISPOSITION.findall(body))


def _keys(body: bytes) -> list[str]:
    """The names of all members; of what is no JSON there are none, as no app reads any in it."""
    found: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        found.extend(name for name, _ in pairs)

    try:
        json.loads(body, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return found
    return found
