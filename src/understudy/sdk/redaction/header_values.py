"""Headers of an answer without what is hidden in them."""

from __future__ import annotations

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.headers import RawHeaders

# What makes an answer work, and what we have written ourselves; of cookies the crossing takes care.
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
    {b"etag", b"content-digest", b"repr-digest", b"digest", b"signature", b"signature-input"}
)
"""By these the bytes of before could be told."""


def hidden_in_headers(headers: RawHeaders, rulings: Rulings) -> RawHeaders:
    """``headers`` with masks where their name, or the look of their value, says so."""
    return [
        (name, value if name.lower() in _KEPT else _shown(name, value, rulings))
        for name, value in headers
        if name.lower() not in _DROPPED
    ]


def _shown(name: bytes, value: bytes, rulings: Rulings) -> bytes:
    plain = name.decode("latin-1").lower()
    deed = rulings.fields.deed(plain) or rulings.fields.deed(plain.removeprefix("x-"))
    if deed is not None:
        return text_for(deed).encode()
    text = value.decode("latin-1")
    shown = rulings.hidden(text)
    return value if shown == text else shown.encode("latin-1", "replace")
