"""By which cookies a browser is known that has, or had lately, a session on the app's own origin.

The epoch outlasts the session: pages of the session stay open behind its end, in other tabs and in
the browser's memory, and must not then act as the agent. No refusal and no end takes it away.
"""

from __future__ import annotations

from understudy.errors import SetupError
from understudy.sdk.cookies import set_cookie

EPOCH = "__Host-understudy-epoch"
SHOWN = "understudy-page"
"""Whose pages are live at present, for pages to read. Anybody can write it, so nobody trusts it."""
HOURS = 24
_MARK = EPOCH.encode() + b"="
_SHOWN = SHOWN.encode() + b"="
_FEWEST, _MOST = 2, 24 * 31


def is_known(cookie: bytes) -> bool:
    """True while the epoch lasts, by a whole Cookie header."""
    return cookie.find(_MARK) >= 0


class Epoch:
    """What is set at a session's begin and end. ``hours`` is for how long a browser is known.

    :raises SetupError: shorter than any session and its cookie, or longer than a month.
    """

    def __init__(self, hours: int = HOURS) -> None:
        if not _FEWEST <= hours <= _MOST:
            raise SetupError(f"epoch_hours must lie between {_FEWEST} and {_MOST}, not {hours}.")
        self._seconds = int(hours * 3600)

    def begun(self, session_id: str) -> tuple[tuple[str, str], ...]:
        """The headers by which a session on the app's own origin begins in a browser.

        What the browser keeps was the agent's, without a mark. Never "storage", which would empty
        that of the agent's open tabs too.
        """
        cookies = (("set-cookie", cookie) for cookie in self.cookies(session_id))
        return ("clear-site-data", '"cache"'), *cookies

    def cookies(self, identity: str) -> tuple[str, str]:
        """Set-Cookie values: the epoch begins anew, and pages of ``identity`` are live."""
        return set_cookie(EPOCH, "1", max_age=self._seconds), self.shown(identity)

    def shown(self, identity: str) -> str:
        """The Set-Cookie value that tells pages whose are live."""
        return f"{SHOWN}={identity}; Path=/; Max-Age={self._seconds}; Secure; SameSite=Lax"

    def corrected(self, cookie: bytes, identity: str) -> list[tuple[bytes, bytes]]:
        """The headers of a page of ``identity`` for a browser that knows it otherwise, if it does.

        A session may have ended where the browser was not told, by time or in another process, and
        one that the app's own backend began had no launch that set these cookies.
        """
        changed: list[tuple[bytes, bytes]] = []
        if not is_known(cookie):
            epoch, _ = self.cookies(identity)
            # What the browser keeps was the agent's, without a mark.
            changed += [(b"clear-site-data", b'"cache"'), (b"set-cookie", epoch.encode())]
        _, found, rest = cookie.partition(_SHOWN)
        if not found or rest.partition(b";")[0].strip() != identity.encode():
            changed.append((b"set-cookie", self.shown(identity).encode()))
        return changed
