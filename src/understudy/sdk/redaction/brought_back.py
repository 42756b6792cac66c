"""What a request would store in place of a value that its sender was not shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import parse_qsl, unquote_plus

from understudy.core.redaction.masks import HIDDEN, holds_mask
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
_NOTHING = ("", "0", "false", "nan", "none", "null", "undefined")
Said = tuple[str, object]
"""The name of a field, and what is said of it."""
# How forms say that a field lies in another: user[email], user.email, address-0-street.
_WITHIN = re.compile(r"[\[\].:/]|__|-")


def brings_back(rulings: Rulings, content_type: str, query: str, body: bytes) -> bool:
    """Whether a mask comes back, in whatever case, or a field is named that rules hide; of one that
    is revealed, whether what is said of it may be what stood there before.

    Fields that hide secrets alone may be written: whoever sets one does not need to see the old.
    """
    text = body.decode("latin-1")
    # As it comes, and as whoever reads a form or JSON would read it.
    if any(map(holds_mask, (query, unquote_plus(query), text, unquote_plus(text), _plain(text)))):
        return True
    hidden, revealed = rulings.written, rulings.revealed
    if not hidden and not revealed:
        return False
    said = chain(_in_form(query), _said(content_type, body))
    return any(
        _is_of(hidden, name) or (_stands_for_nothing(value) and _is_of(revealed, name))
        for name, value in said
    )


def _stands_for_nothing(value: object) -> bool:
    """Whether ``value`` is what apps make of a mask: of null, of nothing, of its first letters.

    A page may be older than the sight of what it would store.
    """
    if not isinstance(value, str):
        return not value
    text = value.strip().casefold()
    return text in _NOTHING or HIDDEN.casefold().startswith(text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda one: chr(int(one.group(1), 16)), text) if "\\u" in text else text


def _is_of(names: FieldNames, name: str) -> bool:
    parts = [part for part in _WITHIN.split(name) if part]
    return any(names.deed(one) is not None for one in (name, *parts[-1:]))


def _said(content_type: str, body: bytes) -> Iterator[Said]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("json"):
        yield from _members(body)
    elif kind == "multipart/form-data":
        yield from _parts(body)
    elif kind in _UNSAID or kind == "application/x-www-form-urlencoded":
        # What does not say what it is is read as either.
        yield from _members(body) if body.lstrip()[:1] in (b"{", b"[") else ()
        yield from _in_form(body.decode("latin-1")) if b"=" in body else ()


def _in_form(text: str) -> Iterator[Said]:
    yield from parse_qsl(text.replace(";", "&"), keep_blank_values=True, errors="replace")


def _parts(body: bytes) -> Iterator[Said]:
    for found in _DISPOSITION.finditer(body):
        quoted, bare, extended = found.groups(b"")
        name = (quoted or bare or extended.rpartition(b"'")[2]).decode("utf-8", "replace")
        _, _, value = body[found.end() :].partition(b"\r\n\r\n")
        yield unquote_plus(name), value.partition(b"\r\n--")[0].decode("latin-1")


def _members(body: bytes) -> list[Said]:
    """All members; of what is no JSON there are none, as no app reads any in it."""
    found: list[Said] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        found.extend(pairs)
        # What says by its text which field it means, as a patch does (RFC 6902).
        named = [v for k, v in pairs if isinstance(v, str) and normalised(k) in NAMING]
        if named:
            nothing = any(_stands_for_nothing(value) for _, value in pairs)
            found.extend((name, None if nothing else name) for name in named)

    try:
        json.loads(body, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return found
    return found
