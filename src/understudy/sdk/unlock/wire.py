"""A change as the native API and the form of a page carry it."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict

from understudy.core.governance.unlocks import Write
from understudy.errors import MalformedRequest
from understudy.sdk.unlock.values import Asked, Spent
from understudy.sdk.wire import read_object

MOST_TEXT = 262_144
"""Letters of a packed change, and bytes of an unpacked one, at most."""
_NAMES = frozenset({"method", "host", "path", "media_type", "query", "fields"})


def print_write(write: Write) -> dict[str, object]:
    """``write`` as members of JSON."""
    return asdict(write)


def read_spent(body: bytes) -> Spent:
    """The answer to a spending.

    :raises Unavailable: it cannot be understood.
    """
    found = read_object(body)
    return Spent(spent=found.truth("spent"), differs=found.texts("differs"))


def read_asked(body: bytes) -> Asked:
    """The answer to an asking.

    :raises Unavailable: it cannot be understood.
    """
    found = read_object(body)
    return Asked(id=found.text("id"), status=found.text("status"))


def packed(write: Write) -> str:
    """``write`` in letters that a form may hold."""
    text = json.dumps(print_write(write), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(zlib.compress(text)).decode()


def unpacked(text: str) -> Write:
    """What was packed. Somebody may have packed it by hand: it is only what they ask for.

    :raises MalformedRequest: it was not.
    """
    try:
        raw = zlib.decompressobj().decompress(urlsafe_b64decode(text.encode("ascii")), MOST_TEXT)
        found = json.loads(raw)
        texts = {name: found[name] for name in ("method", "host", "path", "media_type")}
        query, fields = _pairs(found["query"]), _pairs(found["fields"])
    except (ValueError, TypeError, KeyError, zlib.error, RecursionError):
        raise _unreadable() from None
    if found.keys() != _NAMES or not all(isinstance(value, str) for value in texts.values()):
        raise _unreadable()
    return Write(**texts, query=query, fields=fields)


def _pairs(found: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, list):
        raise TypeError
    pairs = tuple((name, value) for name, value in found)
    if not all(isinstance(text, str) for pair in pairs for text in pair):
        raise TypeError
    return pairs


def _unreadable() -> MalformedRequest:
    return MalformedRequest("This change cannot be read. Do it once more in the app.")
