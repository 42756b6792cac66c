"""Where in the app a session was started, and so where its end leads back to.

Kept in a cookie of the browser that started it, sealed for its session's token: no other session's
end leads there, and no script of a page can name another place.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from understudy.sdk.cookies import (
    TOMBSTONE_SECONDS,
    DuplicateCookie,
    clear_cookie,
    read_cookie,
    set_cookie,
)
from understudy.sdk.return_path import safe_path
from understudy.sdk.secret import Secret
from understudy.sdk.values import Opened

BACK = "__Host-understudy-back"
_HOST = re.compile(r"https?://[a-z0-9.:\[\]-]+(?=/)")
_MARK = BACK.encode() + b"="


class WayBack:
    """Ways back of one app; ``key`` is shared by its processes."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def kept(self, path: str, opened: Opened) -> str:
        """The Set-Cookie value that keeps ``path`` until the end of a session, and a while on.

        At a session's origin it is a whole address, of the app's own host.
        """
        letters = urlsafe_b64encode(path.encode()).rstrip(b"=").decode()
        value = f"{letters}.{self._seal(letters, opened.session_token)}"
        max_age = int(opened.remaining.total_seconds()) + TOMBSTONE_SECONDS
        return set_cookie(BACK, value, max_age=max_age)

    def of(self, cookie: bytes, token: Secret | None) -> str | None:
        """The path that was kept for the session behind ``token``, by a whole Cookie header."""
        try:
            value = read_cookie(cookie, BACK)
        except DuplicateCookie:
            return None
        if value is None or token is None:
            return None
        letters, _, seal = value.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(letters, token).encode()):
            return None
        address = urlsafe_b64decode(letters + "=" * (-len(letters) % 4)).decode()
        host = _HOST.match(address)
        path = address[host.end() :] if host else address
        return address if safe_path(path, "") else None

    def _seal(self, letters: str, token: Secret) -> str:
        message = "\x00".join(("understudy way back", token.reveal(), letters)).encode()
        return hmac.new(self._key.reveal().encode(), message, hashlib.sha256).hexdigest()


def forgotten(cookie: bytes) -> tuple[str, ...]:
    """The Set-Cookie values that take a way back out of a browser which has one."""
    return (clear_cookie(BACK),) if _MARK in cookie else ()
