"""Two users side by side in one browser, from the dashboard to the log."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person

REASON = "They say that they see different reports"


def _own_cookies(sam: Person) -> list[tuple[str, str]]:
    found = sam.context.cookies(sam.demo.app_url)
    return sorted((cookie.get("name", ""), cookie.get("value", "")) for cookie in found)


def test_two_users_stand_side_by_side(browser: Browser, apart: Demo) -> None:
    sam = person(browser, apart)
    own_view = sam.sign_in_to_app("sam@harbor.example")
    expect(own_view.get_by_text("Sam Rivers")).to_be_visible()
    login = _own_cookies(sam)
    sam.sign_in_to_dashboard("sam@harbor.example")
    ada, bruno = sam.work_as("Ada Lovelace", REASON), sam.work_as("Bruno", REASON)
    hosts = {urlsplit(page.url).hostname for page in (own_view, ada, bruno)}
    assert len(hosts) == 3

    for page, name in ((ada, "Ada"), (bruno, "Bruno")):
        page.evaluate("name => localStorage.setItem('whose', name)", name)
        page.reload()
        expect(page.get_by_role("heading", name=f"Good morning, {name}")).to_be_visible()
        assert page.evaluate("localStorage.getItem('whose')") == name

    ada.get_by_role("button", name="End").click()
    ada.wait_for_url(f"{apart.dashboard_url}/**")
    bruno.reload()
    expect(bruno.get_by_role("heading", name="Good morning, Bruno")).to_be_visible()
    own_view.reload()
    expect(own_view.get_by_text("Sam Rivers")).to_be_visible()
    assert _own_cookies(sam) == login

    listed = apart.command("sessions", "list", "--json", "--data-dir", str(apart.data_dir))
    assert [one["subject_id"] for one in json.loads(listed.stdout)] == ["bruno"]
    assert sam.complaints == []
