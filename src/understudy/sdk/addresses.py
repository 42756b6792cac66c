"""Where the SDK's own pages are in one app, and where people go from them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from understudy.sdk.banner import BannerLinks
from understudy.sdk.page_marks import split_address
from understudy.sdk.return_path import path_of_referrer, safe_path
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Visit

PREFIX = "/_understudy"


class Addresses:
    """All lie below ``prefix``. ``home`` is where the app begins, ``dashboard`` the dashboard's
    address. ``base`` is where the app is mounted, and ``links(base)`` where the banner finds its
    parts. ``streams`` says that the adapter serves the banner's events.
    """

    def __init__(self, prefix: str, home: str, *, issuer: str, streams: bool = False) -> None:
        self.prefix = prefix
        self.home = safe_path(home, "/")
        self.dashboard = issuer + "/"
        self._streams = streams
        # Each page of a session asks for them, by the one base that an app has.
        self.links = lru_cache(maxsize=16)(self._links)

    def owns(self, path: str) -> bool:
        """True for every path that is the SDK's and not the app's."""
        return path.startswith(self.prefix) and path[len(self.prefix) :][:1] in ("", "/")

    def _links(self, base: str) -> BannerLinks:
        own = base + self.prefix
        return BannerLinks(
            script=f"{own}/banner.js",
            state=f"{own}/state",
            events=f"{own}/events" if self._streams else None,
            end=f"{own}/end",
            back=base + self.home,
            reveal=f"{own}/reveal",
        )

    def page_script(self, base: str) -> str:
        """The path of the script that marks what pages send."""
        return f"{base}{self.prefix}/page.js"

    def page_left(self, visit: Visit) -> str:
        """The page of the app from which a visit comes, as the agent sees it."""
        home = visit.base + self.home
        target = path_of_referrer(visit.header("referer"), origin=visit.origin, default=home)
        # That of a page which answered a form has the mark of whose it was.
        target = split_address(target.encode())[0].decode()
        below = target.removeprefix(visit.base).partition("?")[0]
        return home if self.owns(below) else target

    def after(self, session: ActiveSession | None) -> str:
        """Where the dashboard goes on from ``session``; it shows it to its own actor alone."""
        if session is None:
            return self.dashboard
        return f"{self.dashboard}ended?{urlencode({'session': session.id})}"
