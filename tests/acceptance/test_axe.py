"""What axe finds on the pages: in both colour schemes, for each role, with what opens over them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.bannered_page import bannered
from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person
from tests.acceptance.test_banner import CONTENT, DESK, PHONE
from tests.fixtures.node import package

PAGES = (
    *("/users", "/users/ada", "/sessions", "/approvals"),
    *("/audit", "/settings", "/team", "/account"),
)
MISSING = ("/users/nobody", "/audit/999999", "/users?application_id=app_gone", "/nowhere")
RUN = """async (rules) => {
  const found = await axe.run(document, {resultTypes: ['violations'], rules});
  return found.violations.flatMap(({id, nodes}) => nodes.map(({target}) => id + ' ' + target));
}"""
# Menus open at the end of the body, and are reached from their button alone.
OPEN_MENU = {"region": {"enabled": False}}


# A colour is what it is once nothing fades any more.
SETTLED = """() => document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


def violations(page: Page, rules: Any = None) -> list[str]:
    page.wait_for_function(SETTLED)
    page.evaluate((package("axe-core") / "axe.min.js").read_text())
    return list(page.evaluate(RUN, rules or {}))


def opened(who: Person, path: str) -> Page:
    who.page.goto(who.demo.dashboard_url + path)
    expect(who.page.get_by_role("heading", level=1)).to_be_visible()
    expect(who.page.locator("[data-loading], .mantine-Skeleton-root")).to_have_count(0)
    return who.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_dashboard_has_no_fault_that_axe_knows(
    browser: Browser, demo: Demo, scheme: Any
) -> None:
    sam, mara, theo = (person(browser, demo) for _ in range(3))
    found: dict[str, list[str]] = {}
    settings = f"/settings/{demo.application_id}"
    for who, email in ((sam, "sam"), (mara, "mara"), (theo, "theo")):
        who.page.emulate_media(color_scheme=scheme)
        who.sign_in_to_dashboard(f"{email}@harbor.example")
    sam.ask_for("Dalia Haddad")
    found["dialog"] = violations(sam.page)
    sam.page.get_by_role("dialog").get_by_label("Reason").fill("Dalia cannot open T-1040")
    sam.page.keyboard.press("Escape")
    found["question"] = violations(sam.page)
    sam.page.get_by_role("button", name="Go on here").click()
    sam.page.get_by_role("dialog").get_by_role("button", name="Impersonate").click()
    found["launch"] = violations(sam.page)
    sam.launch()
    for path in (
        *PAGES,
        settings,
        f"{settings}/webhooks",
        f"{settings}/holds",
        f"{settings}/policies",
        *MISSING,
    ):
        found[f"mara {path}"] = violations(opened(mara, path))
    for path in (settings, "/audit"):
        found[f"theo {path}"] = violations(opened(theo, path))
    opened(mara, "/sessions").get_by_role("button", name="Revoke").first.hover()
    found["hovered"] = violations(mara.page)
    mara.page.get_by_role("button", name="Revoke").first.click()
    expect(mara.page.get_by_role("dialog")).to_be_visible()
    mara.page.get_by_role("dialog").get_by_role("button", name="Revoke").hover()
    found["danger"] = violations(mara.page)
    opened(mara, "/users").get_by_role("button", name="Your account").click()
    expect(mara.page.get_by_role("menuitemradio", checked=True)).to_have_count(1)
    found["menu"] = violations(mara.page, OPEN_MENU)
    opened(mara, "/team").get_by_role("button", name="Actions for Sam").click()
    expect(mara.page.get_by_role("menuitem", name="Disable")).to_be_visible()
    found["operator menu"] = violations(mara.page, OPEN_MENU)
    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("viewport", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_banner_has_none_either(browser: Browser, viewport: Any, scheme: Any) -> None:
    body = f'<html lang="en">{CONTENT}'
    shown = bannered(browser, body, viewport=viewport, color_scheme=scheme)
    assert violations(shown.page) == []
    shown.state = {"active": False, "cause": "revoked", "message": "It was revoked."}
    expect(shown.page.get_by_role("link", name="Return to my own view")).to_be_visible()
    assert violations(shown.page) == []
