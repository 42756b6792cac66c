"""What people do in the browser, in their words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.acceptance.conftest import Demo

Shoot = Callable[[Page, str], None]


@dataclass
class Person:
    """Somebody at a browser of their own."""

    demo: Demo
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def sign_in_to_dashboard(self, email: str) -> None:
        self.page.goto(self.demo.dashboard_url)
        sign_in(self.page, email, self.demo.password)
        expect(self.page.get_by_role("navigation").first).to_be_visible()

    def sign_in_to_app(self, email: str) -> Page:
        page = self.context.new_page()
        page.goto(self.demo.app_url + "/login")
        sign_in(page, email, self.demo.password)
        return page

    def ask_for(self, name: str) -> None:
        """Open the dialog for somebody found by search."""
        self.page.goto(self.demo.dashboard_url + "/users")
        self.page.get_by_role("searchbox").fill(name)
        row = self.page.get_by_role("row").filter(has_text=name)
        row.get_by_role("button", name="Impersonate").click()
        expect(self.page.get_by_role("dialog")).to_be_visible()

    def work_as(self, name: str, reason: str, ticket: str = "") -> Page:
        """Enter somebody's account by way of the dialog: the tab, once its banner stands."""
        self.ask_for(name)
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(reason)
        dialog.get_by_label("Ticket").fill(ticket)
        dialog.get_by_role("button", name="Impersonate").click()
        tab = self.launch()
        expect(tab.get_by_text("Viewing as")).to_be_visible()
        return tab

    def launch(self) -> Page:
        with self.context.expect_page() as opening:
            self.page.get_by_role("button", name="Launch in new tab").click()
        tab = opening.value
        tab.wait_for_url(self.demo.served_at)
        return tab


def hidden_fields(tab: Page) -> Locator:
    """The banner's way to what is hidden, once the banner has drawn itself."""
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    return tab.get_by_role("link", name="Hidden fields")


def sign_in(page: Page, email: str, password: str) -> None:
    """At the form that is shown."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def person(browser: Browser, demo: Demo) -> Person:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    made = Person(demo=demo, context=context, page=context.new_page())

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Uncaught" in message.text:
            made.complaints.append(message.text)

    context.on("console", listen)
    context.on("weberror", lambda error: made.complaints.append(str(error.error)))
    return made


def shots_into(folder: Path) -> Shoot:
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return shoot
