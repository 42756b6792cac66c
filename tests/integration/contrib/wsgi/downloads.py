"""A file that an app sends in the server's own way, whole and in part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

FILE = bytes(range(256)) * 64
Environ = dict[str, Any]


def file(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """A file in the server's own way, or a part of it."""
    first, _, last = environ.get("HTTP_RANGE", "bytes=0-").removeprefix("bytes=").partition("-")
    part = FILE[int(first) : int(last) + 1 if last else None]
    headers = [("Content-Type", "application/pdf"), ("Content-Length", str(len(part)))]
    partial = "HTTP_RANGE" in environ
    if partial:
        headers.append(("Content-Range", f"bytes {first}-{last}/{len(FILE)}"))
    start_response("206 Partial Content" if partial else "200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    wrapped: Iterable[bytes] = environ.get("wsgi.file_wrapper", Parts)(BytesIO(part))
    return wrapped


class Parts:
    """Where a server has no way of its own."""

    def __init__(self, opened: BytesIO) -> None:
        self._opened = opened

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._opened.read(4096), b"")
