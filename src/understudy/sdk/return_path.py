"""Where a browser may be sent next: a path of the app itself, never another site."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from understudy.sdk.same_site import is_own_host

MAX_LENGTH = 2000
# Printable ASCII without space, quotes, angle brackets and backslash: what a path may hold raw.
_PATH = re.compile(r"/(?!/)[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*")


def safe_path(value: str | None, default: str) -> str:
    """``value`` if every browser takes it for a path of the same origin, else ``default``.

    Looked at decoded as well, since a layer in between may decode it (RFC 9700, section 4.11).
    """
    if value is None or len(value) > MAX_LENGTH:
        return default
    decoded = value
    for _ in range(3):
        if not _PATH.fullmatch(value) or decoded.startswith(("//", "/\\")):
            return default
        decoded = unquote(decoded)
    return default if re.search(r"[\x00-\x1f\x7f\\]", decoded) else value


def path_of_referrer(referrer: str | None, *, origin: str, default: str) -> str:
    """Path and query of the page that ``referrer`` names, when that is on our own host."""
    if referrer is None or not is_own_host(referrer, origin):
        return default
    parts = urlsplit(referrer)
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""), default)
