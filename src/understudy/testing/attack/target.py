"""An app as the attacks need it: who there is, and how its pages ask for what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from understudy.testing.attack.browser import AttackBrowser, Sending

Recorded = tuple[str, str]
"""Who did something, and as whom."""


@dataclass(frozen=True, kw_only=True)
class AttackTarget:
    """One app with its people, whom everything here names by the app's own ids.

    ``agent`` and ``colleague`` may work as ``user``, and nobody as ``admin``. ``login_cookies`` are
    the names of those by which the app knows who signed in. ``start`` and ``stop`` are what its
    pages send, ``page_headers`` what they add: a token against forged forms, a page mark.
    ``change`` is something that may be done in a session, ``dangerous`` what may not. ``disable``
    takes somebody's account away, ``later`` moves the clock, ``recorded`` is the log of what was
    done, oldest first.
    """

    app: Any
    asgi: bool = False
    agent: str
    colleague: str
    user: str
    other: str
    admin: str
    login_cookies: Collection[str]
    sign_in: Callable[[AttackBrowser, str], object]
    whoami: Callable[[AttackBrowser], str | None]
    start: Callable[[str], Sending]
    stop: Sending
    page_headers: Callable[[AttackBrowser], Mapping[str, str]]
    change: Sending
    dangerous: Sequence[Sending]
    disable: Callable[[str], object]
    later: Callable[[timedelta], object]
    recorded: Callable[[], Sequence[Recorded]]

    def browser(self, who: str | None = None) -> AttackBrowser:
        """A fresh one, in which ``who`` has signed in."""
        browser = AttackBrowser(self.app, asgi=self.asgi)
        if who is not None:
            self.sign_in(browser, who)
        return browser

    def working_as(self, user: str, *, agent: str | None = None) -> AttackBrowser:
        """The browser of an agent who has started."""
        browser = self.browser(agent or self.agent)
        self.send(browser, self.start(user))
        found = self.whoami(browser)
        assert found == user, f"{agent or self.agent} starts as {user}, and the app sees {found}"
        return browser

    def send(self, browser: AttackBrowser, sending: Sending) -> httpx.Response:
        """As a page of the app does."""
        return browser.own(sending, self.page_headers(browser))

    def own_cookies(self, browser: AttackBrowser) -> Mapping[str, str]:
        """Those by which the app knows who signed in."""
        return {name: one for name, one in browser.cookies().items() if name in self.login_cookies}
