"""Names of 180 letters without a space, wherever the dashboard shows names."""

from __future__ import annotations

import json

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person

LONG = "N" * 180
WIDTHS = (390, 1280)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_name_pushes_a_page_out_of_the_window(browser: Browser, demo: Demo) -> None:
    name_ada(demo, LONG)
    sam, mara = person(browser, demo), person(browser, demo)
    sam.sign_in_to_dashboard("sam@harbor.example")
    mara.sign_in_to_dashboard("mara@harbor.example")
    sam.page.goto(f"{demo.dashboard_url}/users/ada?impersonate")
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("R" * 180)
    fits(sam.page, "request")
    dialog.get_by_role("button", name="Impersonate").click()
    expect(dialog.get_by_role("button", name="Launch in new tab")).to_be_visible()
    fits(sam.page, "launch")
    expect(sam.launch().get_by_role("timer")).to_be_visible()
    for path in ("/users", "/users/ada", "/sessions", "/audit", "/account"):
        shows(sam if path != "/audit" else mara, path)
    sam.page.get_by_role("button", name="Your account").click()
    sam.page.get_by_role("menuitem", name="Sign out").click()
    expect(sam.page.get_by_role("dialog", name="Your sessions go on")).to_be_visible()
    fits(sam.page, "sign out")


def name_ada(demo: Demo, name: str) -> None:
    secret = json.loads((demo.data_dir / "demo.json").read_text())["secret"]
    base = demo.dashboard_url.replace("localhost", "127.0.0.1") + "/api/v1"
    auth = (demo.application_id, secret)
    with httpx.Client(base_url=base, auth=auth, trust_env=False) as backend:
        tenant = {"organization_id": "tidewater", "roles": ["member"]}
        backend.put("/organizations/tidewater", json={"name": name}).raise_for_status()
        backend.put("/subjects/ada", json={"name": name, **tenant}).raise_for_status()


def shows(who: Person, path: str) -> None:
    who.page.goto(who.demo.dashboard_url + path)
    expect(who.page.get_by_role("heading", level=1)).to_be_visible()
    if path != "/account":
        expect(who.page.get_by_text("NNNN").first).to_be_visible()
    fits(who.page, path)


def fits(page: Page, where: str) -> None:
    """Nothing reaches beyond the window that does not scroll in a part of its own."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (where, width)
        dialog = page.locator(".mantine-Modal-content")
        if dialog.count():
            assert dialog.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0, where
