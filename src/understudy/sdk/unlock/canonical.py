"""What a request would change, in a form in which the same change is always the same.

Its bytes would not do: boundaries, the order of keys and tokens against forgery are others each
time. What two readers could read in two ways has no such form, and stays blocked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.restrictions import OVERRIDE_FIELDS
from understudy.sdk.unlock.json_fields import fields_of_json
from understudy.sdk.unlock.multipart_fields import fields_of_multipart
from understudy.sdk.unlock.unbound import Unbound

MOST_BYTES = 65_536
"""So long a body may be: somebody has to look at all of it."""
_MOST_FIELDS = 200
_MOST_LETTERS = {"method": 20, "host": 300, "path": 2_000, "media_type": 100}
_MOST_LETTERS_OF_A_NAME = 500
"""More the service does not take."""
VARYING = frozenset(
    {
        "csrfmiddlewaretoken",
        "authenticity_token",
        "csrf_token",
        "_csrf",
        "_csrf_token",
        "_token",
        "__requestverificationtoken",
        "idempotency_key",
    }
)
"""Fields that are others each time that a form is sent, in lower case; an app may have more."""

JSON, FORM, MULTIPART = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
)

_PLAIN_TYPE = re.compile(
    r'[a-z/+.-]*(?:[ \t]*;[ \t]*charset=(?:"utf-8"|utf-8))?[ \t]*', re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request that changes something, as it came. ``path`` has no query; ``if_match`` is the
    header by which an app tells whether it was changed meanwhile.
    """

    method: str
    host: str
    path: str
    query: str
    content_type: str
    body: bytes
    if_match: str | None = None


def write_of(sent: Sent, *, varying: Collection[str] = VARYING) -> Write:
    """The one form of ``sent``; fields in ``varying`` are left out.

    :raises Unbound: it has none.
    """
    kind = sent.content_type.partition(";")[0].strip().lower()
    query = _pairs(sent.query)
    fields, kinds = _fields(kind, sent)
    _require_plain([name for name, _ in (*query, *fields)])
    left = [pair for pair in fields if pair[0].lower() not in varying]
    if sent.if_match is not None:
        # As with files: no field of this name can pass for the header.
        left, kinds = [*left, ("If-Match", sent.if_match)], (*kinds, "if-match")
    write = Write(
        method=sent.method.upper(),
        host=sent.host,
        path=sent.path,
        # Which fields are files stands here, so that no text can pass for the hash of a file.
        media_type=";".join((kind, *kinds)),
        query=_sorted(query),
        fields=_sorted(left),
    )
    _require_room(write)
    return write


def _fields(kind: str, sent: Sent) -> tuple[list[tuple[str, str]], Sequence[str]]:
    if len(sent.body) > MOST_BYTES:
        raise Unbound
    if kind == MULTIPART:
        return fields_of_multipart(sent.content_type, sent.body)
    # Some readers go by its charset, and of two types some take the first and some the last.
    if _PLAIN_TYPE.fullmatch(sent.content_type) is None:
        raise Unbound
    if kind == JSON:
        return fields_of_json(sent.body)
    if kind == FORM:
        return _pairs(sent.body.decode("latin-1")), ()
    if sent.body or kind:
        raise Unbound
    return [], ()


def _pairs(text: str) -> list[tuple[str, str]]:
    # Unescaped letters are read in the encoding that each reader likes best.
    if not text.isascii():
        raise Unbound
    try:
        return parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Unbound from None


def _require_plain(names: Collection[str]) -> None:
    # Whoever reads these may take the request for another one than the guard has judged.
    if len(names) > _MOST_FIELDS or any(name.lower() in OVERRIDE_FIELDS for name in names):
        raise Unbound


def _require_room(write: Write) -> None:
    """What the service would not take, or cannot, has no form either."""
    pairs = (*write.query, *write.fields)
    texts = [text for pair in pairs for text in pair]
    try:
        "".join((*texts, write.path, write.host)).encode("utf-8")
    except UnicodeEncodeError:
        raise Unbound from None
    if any(len(getattr(write, name)) > most for name, most in _MOST_LETTERS.items()) or any(
        len(name) > _MOST_LETTERS_OF_A_NAME or len(value) > MOST_BYTES for name, value in pairs
    ):
        raise Unbound


def _sorted(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """By name; several of one name stay in the order in which they came."""
    return tuple(sorted(pairs, key=lambda pair: pair[0]))
