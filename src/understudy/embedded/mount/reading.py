"""What a request is to the service, which knows its own path from where it is mounted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote_from_bytes, unquote_to_bytes

from understudy.errors import Signal
from understudy.sdk.scope import Scope

_SLASHES = 32
"""So deep an app may be mounted; its base is not looked for further on."""
_KEPT = "/!$&'()*+,;=:@"


class Input(Protocol):
    """``wsgi.input``, and Django's request."""

    def read(self, size: int, /) -> bytes:
        """So many bytes at most; none at the end."""


class TruncatedError(Signal, OSError):
    """A body ends before its announced end: half of it is nothing to act on."""


class Body:
    """A request's body, of ``length`` bytes, or to the end of ``source`` where nobody has said."""

    def __init__(self, source: Input, length: int | None) -> None:
        self._source = source
        self._left = length

    def __call__(self, most: int) -> bytes:
        """The next of it, of ``most`` bytes at most; empty at its end.

        :raises TruncatedError: the client went away in the middle.
        """
        wanted = most if self._left is None else min(most, self._left)
        part = self._source.read(wanted) if wanted else b""
        if self._left is not None:
            if wanted and not part:
                raise TruncatedError
            self._left -= len(part)
        return part


def body_of(environ: Mapping[str, Any], source: Input) -> Body | None:
    """The body that ``environ`` announces; None where there is none."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    if length.isascii() and length.isdigit():
        return Body(source, int(length)) if int(length) else None
    # Without a length PEP 3333 has no end, but for servers that say that they find it.
    chunked = environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated")
    return Body(source, None) if chunked else None


def below(scope: Scope, base: str, rest: str) -> Scope:
    """``scope`` for the service whose ``base`` browsers know, and of which ``rest`` is the path.

    ``rest`` is decoded, and goes on as it was sent: an id may hold a slash of its own. Where the
    server does not tell how that was, it is encoded anew.
    """
    raw = scope.get("raw_path") or b""
    sent = _as_sent(raw.partition(b"?")[0], rest.encode())
    return {
        **scope,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "state": {},
        "root_path": base,
        "path": base + rest,
        "raw_path": base.encode() + sent,
    }


def _as_sent(raw: bytes, rest: bytes) -> bytes:
    """The end of ``raw`` that is ``rest``, decoded; the mount may be spelled in any way."""
    start = -1
    for _ in range(_SLASHES):
        start = raw.find(b"/", start + 1)
        if start < 0:
            break
        if unquote_to_bytes(raw[start:]) == rest:
            return raw[start:]
    return quote_from_bytes(rest, _KEPT).encode()
