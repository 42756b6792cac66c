"""The Django example with Understudy inside of it, and its staff at their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.core.signing import TimestampSigner
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.acceptance.conftest import running_example
from tests.acceptance.people import sign_in

PREFIX = "/understudy"
REASON = "Ticket 4711: a parcel is missing"
_KEY = "of a shop that is tested"
_AN_HOUR = 3600
_SIGNER = TimestampSigner(key=_KEY, salt="django.contrib.sessions.SessionStore", fallback_keys=())


@dataclass(frozen=True, kw_only=True)
class ShopInside:
    """Where it is, and where its data are."""

    url: str
    database_url: str

    @property
    def dashboard(self) -> str:
        return self.url + PREFIX

    def login(self, context: BrowserContext) -> tuple[Any, ...]:
        """The session row by which ``context`` is signed in to the shop."""
        found = self._rows("SELECT * FROM django_session WHERE session_key = %s", _key(context))
        assert len(found) == 1
        row: tuple[Any, ...] = found[0]
        return row

    def age(self, context: BrowserContext) -> None:
        """Have its sign-in be an hour ago."""
        said = _SIGNER.unsign_object(self.login(context)[1])
        said["_understudy_signed_in_at"] -= _AN_HOUR
        for method in said["account_authentication_methods"]:
            method["at"] -= _AN_HOUR
        change = "UPDATE django_session SET session_data = %s WHERE session_key = %s RETURNING 1"
        self._rows(change, _SIGNER.sign_object(said), _key(context))

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement, values).fetchall()


@contextmanager
def shop_inside(data: Path, database_url: str) -> Iterator[ShopInside]:
    """The running example, in one process."""
    environment = {"DATABASE_URL": database_url, "SHOP_SECRET_KEY": _KEY}
    with running_example("django_shop", data, "--embedded", alone=True, **environment) as example:
        yield ShopInside(url=example.url, database_url=database_url)


@dataclass(kw_only=True)
class Colleague:
    """Somebody of the shop's staff, and what their browser complains of."""

    shop: ShopInside
    context: BrowserContext
    page: Page
    strayed: list[str] = field(default_factory=list)
    """What pages of the dashboard have asked for outside of it."""
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, name: str) -> None:
        """To the shop, with the second factor."""
        self.page.goto(self.shop.url)
        sign_in(self.page, f"{name}@saltbox.example", "saltbox")
        self.show_second_factor()
        expect(self.page.get_by_role("heading", name="Customers")).to_be_visible()

    def show_second_factor(self) -> None:
        self.page.get_by_label("'s phone").fill(self.page.locator("code").inner_text())
        self.page.get_by_role("button", name="Go on").click()

    def open(self, path: str) -> Page:
        """A page of the dashboard, once it has what it shows."""
        self.page.goto(self.shop.dashboard + path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator("[data-loading], .mantine-Skeleton-root")).to_have_count(0)
        return self.page

    def _note(self, request: Request) -> None:
        below = f"{self.shop.dashboard}/"
        # Whoever goes elsewhere goes by a link, and a page that does not exist yet has no frame.
        if request.is_navigation_request() or request.url.startswith(("data:", "blob:", below)):
            return
        if request.frame.url.startswith(below):
            self.strayed.append(f"{request.frame.url} asks for {request.url}")

    def _hear(self, said: ConsoleMessage) -> None:
        # The shop has no icon, and its browser says so at every first visit.
        if said.type == "error" and said.location["url"].startswith(self.shop.dashboard):
            self.complaints.append(f"{said.location['url']}: {said.text}")


def colleague(browser: Browser, shop: ShopInside, **options: Any) -> Colleague:
    """Somebody at a browser of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    made = Colleague(shop=shop, context=context, page=context.new_page())
    context.on("request", made._note)
    context.on("console", made._hear)
    context.on("weberror", lambda error: made.complaints.append(str(error.error)))
    return made


def _key(context: BrowserContext) -> str:
    (found,) = (one["value"] for one in context.cookies() if one["name"] == "sessionid")
    return found
