"""What is changed in the headers of a session's requests and answers, between browser and app."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.sdk.app_cookies import AppCookies
from understudy.sdk.cache import Held
from understudy.sdk.cookie_seal import CookieSeal
from understudy.sdk.headers import RawHeaders, for_the_app, for_the_browser
from understudy.sdk.launch import Client
from understudy.sdk.place import Place, SessionOrigin
from understudy.sdk.present_host import PresentHost


class Crossing:
    """The border of one session. ``scheme`` is what the app shall take for its own, if not None."""

    __slots__ = ("_cookies", "_held", "_origin", "_present_host")

    def __init__(
        self,
        held: Held,
        *,
        cookies: AppCookies | None = None,
        present_host: PresentHost | None = None,
        origin: str = "",
    ) -> None:
        self._held = held
        self._cookies = cookies
        self._present_host = present_host
        self._origin = origin

    @property
    def scheme(self) -> str | None:
        """The scheme that the app believes in; None for that of the request."""
        return self._present_host.scheme if self._present_host else None

    @property
    def hides_session(self) -> bool:
        """Whether no adapter around the app's own code, behind this border, sees the session."""
        return self._cookies is not None

    def to_app(self, headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
        """The headers of a request as the app may see them."""
        kept = for_the_app(headers)
        if self._held.rulings is not None:
            # A part of a whole cannot be looked through for what is hidden.
            kept = [header for header in kept if header[0].lower() != b"range"]
        if self._present_host is not None:
            kept = self._present_host.to_app(kept, self._origin)
        return kept if self._cookies is None else self._with_app_cookies(self._cookies, kept)

    def to_browser(self, headers: Iterable[tuple[bytes, bytes]], now: float) -> RawHeaders:
        """The headers of an answer as they go out at ``now``, by this machine's counter."""
        kept = for_the_browser(headers)
        if self._present_host is not None:
            kept = self._present_host.to_browser(kept, self._origin)
        if self._cookies is None:
            return kept
        changed: RawHeaders = []
        left, session_id = self._held.over_at - now, self._held.session.id
        for name, value in kept:
            if name.lower() == b"set-cookie":
                stored = self._cookies.for_the_browser(value, session_id, left)
                changed.extend((name, cookie) for cookie in stored)
            else:
                changed.append((name, value))
        return changed

    def _with_app_cookies(self, cookies: AppCookies, headers: RawHeaders) -> RawHeaders:
        # HTTP/2 may bring cookies in several headers; they go on as one.
        brought = b"; ".join(value for name, value in headers if name.lower() == b"cookie")
        kept = [header for header in headers if header[0].lower() != b"cookie"]
        return [*kept, (b"cookie", cookies.for_the_app(brought, self._held.session.id))]


class Crossings:
    """The borders of one app's sessions.

    ``own_cookies`` names cookies of the app that are kept apart on its own host; at a session's
    origin all are. ``script_cookies`` are left to the app's scripts, ``present_host`` is the origin
    that the app is shown at a session's.
    """

    def __init__(
        self,
        client: Client,
        *,
        own_cookies: Iterable[str] = (),
        script_cookies: Iterable[str] = (),
        present_host: str | None = None,
    ) -> None:
        seal, own, script = CookieSeal(client.key), tuple(own_cookies), tuple(script_cookies)
        if own or client.session_origins is not None:
            seal.require()
        self._own = AppCookies(seal, named=own, script_cookies=script) if own else None
        self._apart = AppCookies(seal, named=None, script_cookies=script)
        self._present_host = PresentHost(present_host) if present_host is not None else None

    def of(self, place: Place, held: Held) -> Crossing:
        """The border of ``held``, whose request has arrived at ``place``."""
        if not isinstance(place, SessionOrigin):
            return Crossing(held, cookies=self._own)
        return Crossing(
            held, cookies=self._apart, present_host=self._present_host, origin=place.origin
        )
