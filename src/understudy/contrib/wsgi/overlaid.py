"""The environ under which the app serves an impersonated request."""

from __future__ import annotations

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
