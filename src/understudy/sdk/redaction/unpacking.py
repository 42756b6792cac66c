"""Answers that an app has compressed, unpacked as they are looked through.

They go out as they are then: what lies before the browser packs them again, if anything shall.
gzip and deflate are always known; br and zstd where the app has what they take, and only what stops
at a bound: 200 MB of zstd are 6 KB.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from understudy.sdk.redaction.passing import Part
from understudy.sdk.redaction.unreadable import Unreadable

MOST_BYTES = 64 * 1024 * 1024
"""So much comes out of one answer at most."""
_AT_ONCE = 256 * 1024
_EITHER = 32
"""For zlib: gzip and deflate, told apart by their beginning."""


class _Zlib:
    faults = (zlib.error,)

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS + _EITHER)

    def unpacked(self, packed: bytes) -> Iterator[bytes]:
        while packed:
            if self._stream.eof:
                # Another member of the same file (RFC 1952, section 2.2).
                self._stream = zlib.decompressobj(zlib.MAX_WBITS + _EITHER)
            yield self._stream.decompress(packed, _AT_ONCE)
            packed = self._stream.unconsumed_tail or self._stream.unused_data

    @property
    def is_done(self) -> bool:
        return self._stream.eof


class _Brotli:
    def __init__(self, library: Any) -> None:  # noqa: ANN401 - has no types
        self._stream = library.Decompressor()
        self.faults = (library.error,)

    def unpacked(self, packed: bytes) -> Iterator[bytes]:
        yield self._stream.process(packed, output_buffer_limit=_AT_ONCE)
        piece = b"?"
        # Also what it had no more room for when it had taken all in.
        while piece or not self._stream.can_accept_more_data():
            piece = self._stream.process(b"", output_buffer_limit=_AT_ONCE)
            yield piece

    @property
    def is_done(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstandard:
    def __init__(self, library: Any) -> None:  # noqa: ANN401 - has no types
        self._stream = library.ZstdDecompressor()
        self.faults = (library.ZstdError, EOFError)

    def unpacked(self, packed: bytes) -> Iterator[bytes]:
        yield self._stream.decompress(packed, _AT_ONCE)
        while not self._stream.eof and not self._stream.needs_input:
            yield self._stream.decompress(b"", _AT_ONCE)
        if self._stream.eof and self._stream.unused_data:
            raise Unreadable("more than was packed")

    @property
    def is_done(self) -> bool:
        return bool(self._stream.eof)


def _brotli() -> Callable[[], _Brotli] | None:
    library = import_module("brotli") if find_spec("brotli") is not None else None
    # Older ones know no bound.
    if library is None or not hasattr(library.Decompressor, "can_accept_more_data"):
        return None
    return lambda: _Brotli(library)


def _zstandard() -> Callable[[], _Zstandard] | None:
    for parent, name in (("compression", "compression.zstd"), ("backports", "backports.zstd")):
        if find_spec(parent) is not None and find_spec(name) is not None:
            library = import_module(name)
            return lambda: _Zstandard(library)
    return None


_KNOWN: dict[bytes, Callable[[], Any] | None] = {
    b"gzip": _Zlib,
    b"x-gzip": _Zlib,
    b"deflate": _Zlib,
    b"br": _brotli(),
    b"zstd": _zstandard(),
}


def can_unpack(coding: bytes) -> bool:
    """Whether what is packed as ``coding`` can be looked through."""
    return _KNOWN.get(coding) is not None


class Unpacked:
    """Hands a packed body to ``inner`` as it was before."""

    __slots__ = ("_has_begun", "_inner", "_left", "_stream")

    def __init__(self, coding: bytes, inner: Part) -> None:
        made = _KNOWN[coding]
        if made is None:
            raise Unreadable("an unknown coding")
        self._stream = made()
        self._inner = inner
        self._left = MOST_BYTES
        self._has_begun = False

    @property
    def is_whole(self) -> bool:
        """Whether what it has just given is all."""
        return self._inner.is_whole

    @property
    def has_hidden(self) -> bool:
        """Whether it has hidden anything."""
        return self._inner.has_hidden

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: it is not packed as it says, too much, or not what it says it is.
        """
        self._has_begun = self._has_begun or bool(body)
        shown = [self._inner.part(piece, more=True) for piece in self._pieces(body)]
        if not more:
            if self._has_begun and not self._stream.is_done:
                raise Unreadable("cut off")
            shown.append(self._inner.part(b"", more=False))
        return b"".join(shown)

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        try:
            for piece in self._stream.unpacked(body) if body else ():
                self._left -= len(piece)
                if self._left < 0:
                    raise Unreadable("too much")
                yield piece
        except self._stream.faults as error:
            raise Unreadable("not packed as it says") from error
