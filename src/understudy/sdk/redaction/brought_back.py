"""What a request would store in place of a value that its sender was not shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import parse_qsl, unquote_plus

from understudy.core.redaction.masks import holds_mask
from understudy.core.redaction.names import FieldNames, normalised
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_frames import NAMING

CODE = "masked_value_saved"
_DISPOSITION = re.compile(
    rb'content-disposition:[^\r\n]*?\bname(?:="([^"\r\n]*)"|=([^"\s;]+)|\*=([^\s;]+))',
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")
_UNSAID = ("", "text/plain")
# How forms say that a field lies in another: user[email], user.email, address-0-street.
_WITHIN = re.compile(r"[\[\].:/]|__|-")


def brings_back(rulings: Rulings, content_type: str, query: str, body: bytes) -> bool:
    """Whether a mask comes back, in whatever case, or a field is named that rules hide.

    Fields that hide secrets alone may be written: whoever sets one does not need to see the old.
    """
    text = body.decode("latin-1")
    # As it comes, and as whoever reads a form or JSON would read it.
    if any(map(holds_mask, (query, unquote_plus(query), text, unquote_plus(text), _plain(text)))):
        return True
    names = rulings.written
    if not names:
        return False
    named = chain(_in_form(query), _named(content_type, body))
    return any(_is_hidden(names, name) for name in named)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda one: chr(int(one.group(1), 16)), text) if "\\u" in text else text


def _is_hidden(names: FieldNames, name: str) -> bool:
    parts = [part for part in _WITHIN.split(name) if part]
    return any(names.deed(one) is not None for one in (name, *parts[-1:]))


def _named(content_type: str, body: bytes) -> Iterator[str]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("json"):
        yield from _keys(body)
    elif kind == "multipart/form-data":
        for quoted, bare, extended in _DISPOSITION.findall(body):
            name = (quoted or bare or extended.rpartition(b"'")[2]).decode("utf-8", "replace")
            yield unquote_plus(name)
    elif kind in _UNSAID or kind == "application/x-www-form-urlencoded":
        # What does not say what it is is read as either.
        yield from _keys(body) if body.lstrip()[:1] in (b"{", b"[") else ()
        yield from _in_form(body.decode("latin-1")) if b"=" in body else ()


def _in_form(text: str) -> Iterator[str]:
    pairs = parse_qsl(text.replace(";", "&"), keep_blank_values=True, errors="replace")
    return (name for name, _ in pairs)


def _keys(body: bytes) -> list[str]:
    """The names of all members; of what is no JSON there are none, as no app reads any in it."""
    found: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        found.extend(name for name, _ in pairs)
        # What says by its text which field it means, as a patch does (RFC 6902).
        found.extend(v for k, v in pairs if isinstance(v, str) and normalised(k) in NAMING)

    try:
        json.loads(body, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return found
    return found
