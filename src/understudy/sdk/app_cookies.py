"""The app's own cookies in a session: kept apart from the agent's, and from every other session's.

What the app sets is stored in the browser as ``__Host-understudy.<name>``, with the session's id in
front of the value, and comes back to the app under its own name in this session alone. So there is
nothing to keep here, and every process of the app reads what another one wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from understudy.sdk.cookie_seal import CookieSeal
from understudy.sdk.cookies import OVERLAY, clear_cookie
from understudy.sdk.epoch import SHOWN
from understudy.sdk.visit import Headers

PREFIX = b"__Host-understudy."
PAGE_KEY = b"understudy_session"
"""Stands among the app's cookies, so that a cache within the app tells two people's pages apart."""
_OURS = OVERLAY.encode()
_SHOWN_PAGE = SHOWN.encode()
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class AppCookies:
    """Which cookies of the app are kept apart: all on a session's origin, else those ``named``.

    ``script_cookies`` are written by the app's scripts and read by the app as they are.
    """

    def __init__(
        self,
        seal: CookieSeal,
        *,
        named: Iterable[str] | None,
        script_cookies: Iterable[str] = (),
    ) -> None:
        self._seal = seal
        self._named = None if named is None else frozenset(name.encode() for name in named)
        self._script = frozenset(name.encode() for name in script_cookies)

    def for_the_app(self, header: bytes, session_id: str) -> bytes:
        """The Cookie header as the app may see it."""
        kept: list[bytes] = [PAGE_KEY + b"=" + session_id.encode()]
        for pair in header.split(b";"):
            name, separator, value = pair.partition(b"=")
            # Parsers leave out blanks around a name, so that one with them is hidden as well.
            name, value = name.strip(), value.strip()
            if name.startswith(PREFIX):
                app_name = name.removeprefix(PREFIX)
                opened = self._opened(app_name, value, session_id)
                if opened is not None:
                    kept.append(app_name + b"=" + opened)
            elif separator and self._passes(name):
                kept.append(name + b"=" + value)
        return b"; ".join(kept)

    def for_the_browser(self, header: bytes, session_id: str, seconds: float) -> list[bytes]:
        """What becomes of a Set-Cookie header; ``seconds`` is what is left of the session."""
        pair, *attributes = header.split(b";")
        name, separator, value = pair.strip().partition(b"=")
        name, value = name.strip(), value.strip()
        if not separator or not _TOKEN.fullmatch(name) or _is_ours(name):
            return []
        if not self._is_apart(name):
            return [header]
        read = {key.strip().lower(): item.strip() for key, _, item in _pairs(attributes)}
        age = _age(read, int(seconds))
        same_site = _same_site(read.get(b"samesite", b""))
        sealed = self._seal.seal(value, session_id=session_id, name=name)
        held = PREFIX + name + b"=" + session_id.encode() + b"." + sealed
        set_cookies = [b"%b; Path=/; Max-Age=%d; Secure; HttpOnly%b" % (held, age, same_site)]
        # On the app's own host that name is the agent's, and frameworks that sign somebody out take
        # it away by a header without HttpOnly.
        is_alone = self._named is None
        if is_alone and b"httponly" not in read and not name.startswith(b"__"):
            plain = name + b"=" + value
            set_cookies.append(b"%b; Path=/; Max-Age=%d; Secure%b" % (plain, age, same_site))
        return set_cookies

    def _opened(self, name: bytes, value: bytes, session_id: str) -> bytes | None:
        owner, _, sealed = value.partition(b".")
        if owner != session_id.encode() or not self._is_apart(name) or name in self._script:
            return None
        return self._seal.open(sealed, session_id=session_id, name=name)

    def _passes(self, name: bytes) -> bool:
        if _is_ours(name):
            return False
        return name in self._script or not self._is_apart(name)

    def _is_apart(self, name: bytes) -> bool:
        return self._named is None or name in self._named


def without_page_key(header: bytes) -> bytes:
    """A Cookie header as it was, less the page key that somebody has put there.

    Public ids are no secret: with it a cache would give whoever knows one that session's pages.
    """
    if header.find(PAGE_KEY) < 0:
        return header
    pairs = (pair.strip() for pair in header.split(b";"))
    return b"; ".join(pair for pair in pairs if pair.partition(b"=")[0].strip() != PAGE_KEY)


def emptied(header: bytes) -> Headers:
    """The headers that leave nothing of a session at its origin; ``header`` is its Cookie header.

    Never "cookies" nor "*": a browser then wipes those of the whole registrable domain, the agent's
    login and other sessions included (Chromium 156).
    """
    names = {pair.partition(b"=")[0].strip() for pair in header.split(b";")}
    cookies = tuple(
        ("set-cookie", clear_cookie(name.decode("latin-1")))
        for name in sorted(names)
        if name.startswith(_OURS) and _TOKEN.fullmatch(name)
    )
    return (*cookies, ("clear-site-data", '"cache", "storage"'))


def _is_ours(name: bytes) -> bool:
    return name.startswith(_OURS) or name in (PAGE_KEY, _SHOWN_PAGE)


def _pairs(attributes: Iterable[bytes]) -> Iterable[tuple[bytes, bytes, bytes]]:
    return (attribute.partition(b"=") for attribute in attributes)


def _age(attributes: dict[bytes, bytes], left: int) -> int:
    """Seconds that a cookie stays: Max-Age before Expires (RFC 6265, section 5.3), but no longer
    than its session.
    """
    wanted = attributes.get(b"max-age", b"")
    if re.fullmatch(rb"-?[0-9]{1,18}", wanted):
        return max(0, min(int(wanted), left))
    # Late, as it brings half of the mail package with it.
    from email.utils import parsedate_to_datetime

    try:
        expires = parsedate_to_datetime(attributes.get(b"expires", b"").decode("latin-1"))
    except (ValueError, OverflowError):
        return max(0, left)
    moment = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
    return max(0, min(int((moment - datetime.now(UTC)).total_seconds()), left))


def _same_site(value: bytes) -> bytes:
    kind = value.lower()
    return b"; SameSite=" + kind.capitalize() if kind in (b"strict", b"lax", b"none") else b""
