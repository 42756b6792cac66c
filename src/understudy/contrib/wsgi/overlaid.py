"""The environ under which the app serves an impersonated request."""

from __future__ import annotations

import io

from understudy.contrib.wsgi.files import WRAPPER, FileParts
from understudy.contrib.wsgi.types import Environ
from understudy.sdk.environ import with_headers
from understudy.sdk.passage.passage import Passage
from understudy.sdk.scope import Scope

_DIGITS = 18


def overlaid(environ: Environ, scope: Scope, passage: Passage) -> Environ:
    """The environ in which the app sees the subject, and nothing that pretends to come from us."""
    headers = passage.crossing.to_app(scope["headers"])
    inner = with_headers(environ, headers, passage.crossing.scheme)
    # The server's own sends files by itself, past whatever looks at their parts.
    inner[WRAPPER] = FileParts
    inner.update(passage.pinned())
    return inner


def body_of(environ: Environ, most: int) -> bytes:
    """The beginning of a request's body; nothing where nobody says where it ends."""
    length = environ.get("CONTENT_LENGTH") or ""
    known = 0
    if length.isascii() and length.isdigit():
        known = int(length[:_DIGITS])
    elif environ.get("wsgi.input_terminated"):
        known = most
    try:
        body: bytes = environ["wsgi.input"].read(min(known, most))
    except OSError:  # the browser has gone, or what it sends is no body
        return b""
    return body


def kept_body(environ: Environ, most: int) -> bytes | None:
    """The whole of a request's body, which the app can read again; None where it is too long, or
    nobody says where it ends.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    is_told = not length or (length.isascii() and length.isdigit() and len(length) <= _DIGITS)
    # In chunks, and not said to end by itself: some servers would wait for more.
    endless = not length and environ.get("HTTP_TRANSFER_ENCODING")
    if not is_told or (endless and not environ.get("wsgi.input_terminated")):
        return None
    body = body_of(environ, most + 1)
    if len(body) > most or (length and len(body) < int(length)):
        return None
    environ["wsgi.input"] = io.BytesIO(body)
    return body
