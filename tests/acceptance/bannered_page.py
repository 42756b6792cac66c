"""A page of some app with the banner over it, in a real browser; no service stands behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.fixtures.impersonation import BEGIN, SESSION
from understudy.sdk.banner import Banner, BannerLinks
from understudy.sdk.script_files import script_file
from understudy.sdk.values import ActiveSession

ADDRESS = "http://app.localhost/"
LINKS = BannerLinks(
    script="/_understudy/banner.js",
    state="/_understudy/state",
    events="/_understudy/events",
    end="/_understudy/end",
    back="/",
)
STAY = "/_understudy/stay"
STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'"


@dataclass
class Bannered:
    """The page, what the app answers about its session, and what the banner asked for."""

    page: Page
    session: ActiveSession
    state: dict[str, Any] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def bar(self) -> Locator:
        return self.page.locator("understudy-banner")

    def height(self) -> float:
        """How much of the window the banner takes."""
        return self.box("understudy-banner")["height"]

    def box(self, selector: str) -> dict[str, float]:
        found = self.page.locator(selector).first.bounding_box()
        assert found is not None
        return {side: found[side] for side in ("x", "y", "width", "height")}

    def top(self, selector: str) -> float:
        return self.box(selector)["y"]

    def bottom(self, selector: str) -> float:
        box = self.box(selector)
        return box["y"] + box["height"]

    def answer(self, route: Route) -> None:
        path = "/" + route.request.url.removeprefix(ADDRESS)
        self.asked.append((route.request.method, path))
        if path == LINKS.script:
            route.fulfill(content_type="text/javascript", body=script_file("banner.js") or b"")
        elif path.partition("?")[0] in (LINKS.state, STAY) and self.state is not None:
            route.fulfill(content_type="application/json", body=json.dumps(self.state))
        else:
            route.fulfill(status=204, body="")


def bannered(
    browser: Browser,
    body: str,
    *,
    session: ActiveSession = SESSION,
    prepare: Callable[[Page], None] = lambda page: None,
    **options: Any,
) -> Bannered:
    """Open a page whose body is ``body``, as the guard would send it."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(5_000)
    shown = Bannered(page, session)
    banner = Banner(session, LINKS).render(server_now=BEGIN, nonce=None)
    html = (
        '<!doctype html><meta name="viewport" content="width=device-width"><title>Shop</title>'
        f"<style>body {{ margin: 0 }}</style><body>{banner.decode()}{body}"
    )
    page.route("**/*", shown.answer)
    page.route(
        ADDRESS,
        lambda route: route.fulfill(
            content_type="text/html", body=html, headers={"content-security-policy": STRICT}
        ),
    )
    prepare(page)
    page.goto(ADDRESS)
    expect(shown.bar.get_by_role("timer")).to_be_visible()
    return shown
