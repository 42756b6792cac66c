"""Headers of an answer without what is hidden in them."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_plus

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.headers import ADDED, RawHeaders
from understudy.sdk.redaction.html_plain import Plain, plain
from understudy.sdk.redaction.json_walk import looked_into

_OURS = frozenset(ADDED)
# What makes an answer work; of cookies the crossing takes care.
_KEPT = frozenset(
    {
        b"content-type",
        b"content-length",
        b"content-encoding",
        b"content-security-policy",
        b"content-security-policy-report-only",
        b"set-cookie",
        b"vary",
    }
)
_DROPPED = frozenset(
    {
        b"etag",
        b"content-digest",
        b"content-md5",
        b"repr-digest",
        b"digest",
        b"signature",
        b"signature-input",
    }
)
"""By these the bytes of before could be told."""


_QUERIED = re.compile(r"(?P<name>(?<=[?&;#])[^=&;#?<>\s]+)=(?P<value>[^&;#<>\s]+)")


def hidden_in_headers(headers: RawHeaders, rulings: Rulings) -> RawHeaders:
    """``headers`` with masks where their name, or the look of their value, says so."""
    left = [one for one in headers if one[0].lower() not in _DROPPED]
    looked_at = [one for one in left if one not in _OURS and one[0].lower() not in _KEPT]
    # One look at all of them: in those of most answers nothing stands out.
    if not looked_at or _stay(looked_at, found := plain(rulings)):
        return left
    return [
        (name, _shown(name, value, rulings))
        if (name, value) in looked_at and not _stay([(name, value)], found)
        else (name, value)
        for name, value in left
    ]


def _stay(looked_at: RawHeaders, found: Plain | None) -> bool:
    """Whether nothing stands out in them."""
    text = b"\n".join(name + b":" + value for name, value in looked_at).decode("latin-1")
    # As addresses have them, letters may be written as numbers, and blanks as a plus.
    if found is None or "%" in text or "+" in text:
        return False
    return found.places(text).is_plain(0, len(text))


def _shown(name: bytes, value: bytes, rulings: Rulings) -> bytes:
    parts = name.decode("latin-1").lower().split("-")
    ends = ("-".join(parts[start:]) for start in range(len(parts)))
    deed = next((deed for end in ends if (deed := rulings.fields.deed(end)) is not None), None)
    if deed is not None:
        return text_for(deed).encode()
    text = value.decode("latin-1")
    queried = _QUERIED.sub(lambda one: _parameter(one, rulings), text)
    shown = rulings.hidden(queried)
    if shown[:1] in ("{", "[", "%"):
        shown = _json_in_header(shown, rulings)
    return value if shown == text else shown.encode("latin-1", "replace")


def _parameter(one: re.Match[str], rulings: Rulings) -> str:
    """One parameter of an address, such as ``email=…``."""
    deed = rulings.fields.deed(unquote_plus(one.group("name")))
    return one.group() if deed is None else f"{one.group('name')}={text_for(deed)}"


def _json_in_header(text: str, rulings: Rulings) -> str:
    """``text``, which may be JSON, be it quoted as in an address or not."""
    plain = unquote_plus(text) if text[:1] == "%" else text
    shown = looked_into(plain, rulings)
    if shown == plain:
        return text
    return quote(shown) if text[:1] == "%" else shown
