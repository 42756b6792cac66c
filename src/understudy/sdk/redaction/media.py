"""What an answer says it is, and so how it can be looked through."""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus

from understudy.sdk.headers import RawHeaders
from understudy.sdk.redaction.unpacking import can_unpack


class Medium(Enum):
    """How a body is read. What passes holds nobody's data; a file may hold any."""

    EMPTY = auto()
    JSON = auto()
    MARKUP = auto()
    JSON_LINES = auto()
    EVENTS = auto()
    TABLE = auto()
    TEXT = auto()
    SCRIPT = auto()
    PASSES = auto()
    FILE = auto()


_EMPTY = (HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED)
# Parts of pages, which are the same for everybody; what an integrity attribute checks is among
# them, and must stay as it is.
_PASSING = (b"image/", b"font/", b"audio/", b"video/", b"text/css", b"application/wasm")
_SCRIPTS = frozenset(
    {b"text/javascript", b"application/javascript", b"application/x-javascript", b"text/ecmascript"}
)
_NAMED = {
    b"application/x-ndjson": Medium.JSON_LINES,
    b"application/ndjson": Medium.JSON_LINES,
    b"application/jsonl": Medium.JSON_LINES,
    b"application/x-jsonlines": Medium.JSON_LINES,
    b"application/json-seq": Medium.JSON_LINES,
    b"text/event-stream": Medium.EVENTS,
    b"text/csv": Medium.TABLE,
    b"text/tab-separated-values": Medium.TABLE,
    b"application/csv": Medium.TABLE,
}
_UTF_8 = (b"", b"utf-8", b"utf8", b"us-ascii", b"ascii")


def medium_of(status: int, headers: RawHeaders) -> tuple[Medium, bytes | None]:
    """How the answer with ``headers`` is read, and what its body is packed as; None where it is
    not.
    """
    if status in _EMPTY or status < HTTPStatus.OK:
        return Medium.EMPTY, None
    kind, packed = b"", []
    for name, value in headers:
        lower = name.lower()
        if lower == b"content-type":
            kind = value.lower()
        elif lower == b"content-encoding" and value.strip().lower() != b"identity":
            packed.append(value.strip().lower())
    coding = b",".join(packed) if packed else None
    is_plain = status != HTTPStatus.PARTIAL_CONTENT and (coding is None or can_unpack(coding))
    found = _by_type(kind)
    # A part of a whole cannot be looked through, nor what is packed by nobody knows what.
    if is_plain or found is Medium.PASSES:
        return found, coding
    return Medium.PASSES if found is Medium.SCRIPT else Medium.FILE, coding


@lru_cache(maxsize=256)
def _by_type(kind: bytes) -> Medium:
    media, _, parameters = kind.partition(b";")
    media = media.strip()
    if media.startswith(_PASSING) and not media.endswith(b"+xml"):
        return Medium.PASSES
    if media in _SCRIPTS:
        return Medium.SCRIPT
    if _charset(parameters) not in _UTF_8:
        return Medium.FILE
    if media.endswith((b"/json", b"+json")):
        return Medium.JSON
    if media.endswith((b"/xml", b"+xml", b"/html")):
        return Medium.MARKUP
    return _NAMED.get(media) or (Medium.TEXT if media.startswith(b"text/") else Medium.FILE)


def _charset(parameters: bytes) -> bytes:
    for parameter in parameters.split(b";"):
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"charset":
            return value.strip().strip(b"\"'")
    return b""
