"""An agent at one browser: signed in to the app as themself, and with sessions as others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance.one_person.site import Place
from tests.acceptance.one_person.stored import text_for
from tests.acceptance.one_person.tabs import Tab, Way

AGENT = "agent"


class Account(Protocol):
    """What an app has stored of what was typed."""

    def misplaced(self, cell: str) -> list[tuple[str, str, str]]:
        """What was typed for one person and is stored for another."""

    def ways(self, cell: str, user: str) -> set[str]:
        """By which carriers something of a cell came into ``user``'s account."""


class House(Protocol):
    """An app, and what happens to its sessions elsewhere.

    ``pages`` are those on which anybody may write, ``elsewhere`` two others; ``who`` is where each
    page shows whose it is, by the ``names`` of those whom the matrix knows.
    """

    own_origin: str
    pages: Mapping[str, tuple[Way, ...]]
    elsewhere: tuple[str, str]
    who: str
    names: Mapping[str, str]

    @property
    def stored(self) -> Account:
        """What was stored."""

    def begun(self, browser: Browser, kept: object = None) -> BrowserContext:
        """A browser with no past, or with these cookies alone."""

    def sign_in(self, page: Page) -> None:
        """Sign the agent in to the app, as themself."""

    def launch(self, user: str, place: Place, page: Page) -> str:
        """Begin a session as ``user`` in a tab; its public id."""

    def revoke(self, session_id: str) -> None:
        """End it as somebody else would; the app has heard of it."""

    def expire(self, session_id: str, page: Page) -> None:
        """Its time is over, and the app knows; ``page`` is one of its own."""

    def wait_until_ended(self, session_id: str) -> None:
        """Return once the service has heard of its end."""

    def settle(self) -> None:
        """Return once nothing is under way to the app, and nothing more has come for a while."""


class Desk:
    """A browser with a past of its own. ``cell`` is what is typed in it called by."""

    def __init__(self, site: House, context: BrowserContext, place: Place, cell: str) -> None:
        self.site = site
        self.place = place
        self.cell = cell
        self.tabs: list[Tab] = []
        self.sessions: dict[str, str] = {}
        self.origins = {AGENT: site.own_origin}
        self.context = context
        self.first = context.new_page()
        site.sign_in(self.first)

    def launch(self, user: str, page: Page | None = None) -> Page:
        """Begin a session as ``user``, in a new tab unless there is one for it."""
        tab = page or self.context.new_page()
        self.sessions[user] = self.site.launch(user, self.place, tab)
        self._shows(tab, user)
        self.origins[user] = origin_of(tab)
        return tab

    def type_for(self, user: str, *paths: str) -> None:
        """Open pages with each way of sending, and type the same into all of their fields."""
        if user not in self.origins:
            self.launch(user, self.first)
        for path in paths or self.site.pages:
            page = self.context.new_page() if self.tabs else self.first
            page.goto(self.origins[user] + path)
            tab = Tab(page, path, self.site.pages[path])
            self._type(tab, user)
            self.tabs.append(tab)

    def lose(self, *names: str) -> None:
        """The browser, or somebody in it, drops cookies."""
        for name in names:
            assert any(cookie["name"] == name for cookie in self.context.cookies()), name
            self.context.clear_cookies(name=name)

    def restart(self) -> None:
        """The browser begins anew with its cookies alone, at the same addresses."""
        browser, kept = self.context.browser, self.context.storage_state()
        assert browser is not None
        addresses = [tab.page.url for tab in self.tabs]
        self.context.close()
        self.context = self.site.begun(browser, kept)
        for tab, address in zip(self.tabs, addresses, strict=True):
            tab.page = self.context.new_page()
            tab.page.goto(address)
            if tab.page.locator(self.site.who).count():
                shown = tab.page.locator(self.site.who).inner_text()
                names = self.site.names.items()
                self._type(tab, next(user for user, name in names if name in shown))

    def send(self) -> None:
        """Send from every tab, and wait until all of it has arrived or will never."""
        for tab in self.tabs:
            tab.send(self.site.settle)
        self.site.settle()

    def misplaced(self) -> list[tuple[str, str, str]]:
        """What this desk typed for one person and the app stored for another."""
        return self.site.stored.misplaced(self.cell)

    def ways(self, user: str) -> set[str]:
        """By which carriers what was typed here came into ``user``'s account."""
        return self.site.stored.ways(self.cell, user)

    def close(self) -> None:
        """Close every window."""
        self.context.close()

    def _type(self, tab: Tab, user: str) -> None:
        self._shows(tab.page, user)
        tab.type(text_for(user, self.cell))

    def _shows(self, page: Page, user: str) -> None:
        expect(page.locator(self.site.who)).to_contain_text(self.site.names[user])


def origin_of(page: Page) -> str:
    """Where a page lies."""
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"
