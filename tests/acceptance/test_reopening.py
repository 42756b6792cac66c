"""Out of the app and back into it: a closed tab, the way home, and a second user in one browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, Shoot, person, shots_into

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SCREENSHOTS = Path(os.environ.get("STORY_SCREENSHOTS", "build/screenshots"))
TICKET = "https://desk.example/tickets/4812"
REASON = "Somebody cannot find the reports tab"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def shoot() -> Shoot:
    plain = shots_into(SCREENSHOTS)

    def everywhere(page: Page, name: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            plain(page, f"{name}-{scheme}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        plain(page, f"{name}-phone")
        page.set_viewport_size(DESK)  # type: ignore[arg-type]

    return everywhere


@ONE_DATABASE
def test_a_closed_tab_is_opened_again_and_the_end_leads_back_to_the_user(
    browser: Browser, demo: Demo, shoot: Shoot
) -> None:
    sam = person(browser, demo)
    sam.sign_in_to_dashboard("sam@harbor.example")
    sam.work_as("Ada Lovelace", REASON, TICKET).close()
    (live,) = sessions(sam, state="live")
    for address in ("/team", "/users/ada", "/sessions"):
        sam.page.goto(demo.dashboard_url + address)
        # On a page of the user's and of sessions there is one in the strip and one beside it.
        button = sam.page.get_by_role("main").get_by_role("button", name="Open the app")
        if address == "/team":
            button = sam.page.get_by_role("button", name="Open the app")
        expect(button).to_be_visible()
        shoot(sam.page, "reopen" + address.replace("/", "-"))
        tab = opened_by(sam, button.click)
        expect(tab.get_by_role("heading", name="Good morning, Ada")).to_be_visible()
        assert tab.url == f"{demo.app_url}/"
        assert tab.evaluate("window.opener") is None
        if address != "/sessions":
            tab.close()
    # The very session goes on, until the very same minute.
    assert [(one["id"], one["ends_at"]) for one in sessions(sam)] == [(live["id"], live["ends_at"])]
    tab.get_by_role("button", name="End session").click()
    tab.wait_for_url(f"{demo.dashboard_url}/users/ada?**")
    expect(tab.get_by_text("You ended the session.", exact=False)).to_be_visible()
    ticket = tab.get_by_role("link", name="Back to the ticket")
    expect(ticket).to_have_attribute("href", TICKET)
    shoot(tab, "ended")
    assert sam.complaints == []


@ONE_DATABASE
def test_another_browser_takes_the_session_over_and_neither_its_end_nor_the_log_suffers(
    browser: Browser, demo: Demo
) -> None:
    desk, laptop, theo = (person(browser, demo) for _ in range(3))
    desk.sign_in_to_dashboard("sam@harbor.example")
    first = desk.work_as("Ada Lovelace", REASON, TICKET)
    laptop.sign_in_to_dashboard("sam@harbor.example")
    laptop.page.goto(demo.dashboard_url + "/sessions")
    button = laptop.page.get_by_role("main").get_by_role("button", name="Open the app")
    tab = opened_by(laptop, button.click)
    expect(tab.get_by_role("heading", name="Good morning, Ada")).to_be_visible()
    expect(
        first.get_by_text("It was launched again, and goes on in another window.")
    ).to_be_visible()
    second, over = sessions(laptop)
    assert (second["ended_at"], over["end_cause"]) == (None, "relaunched")
    assert second["ends_at"] == over["ends_at"]
    theo.sign_in_to_dashboard("theo@harbor.example")
    entries = api(theo, "/audit/entries?limit=200")
    kinds = [one["type"] for one in reversed(entries) if one["grant_id"] == over["grant_id"]]
    told = [one for one in kinds if not one.startswith("action.")]
    assert told[-3:] == ["grant.launched", "session.ended", "session.started"]


@ONE_DATABASE
def test_a_second_user_in_one_browser_is_announced_and_the_first_tab_says_why_it_is_over(
    browser: Browser, demo: Demo, shoot: Shoot
) -> None:
    sam = person(browser, demo)
    sam.sign_in_to_dashboard("sam@harbor.example")
    as_ada = sam.work_as("Ada Lovelace", REASON, TICKET)
    sam.ask_for("Dalia Haddad")
    dialog = sam.page.get_by_role("dialog")
    told = dialog.get_by_text("Your session as Ada Lovelace in Harbor Invoices ends when")
    expect(told).to_be_visible()
    shoot(sam.page, "second-user")
    dialog.get_by_label("Reason").fill("Dalia cannot open invoice T-1040")
    dialog.get_by_role("button", name="Impersonate").click()
    expect(told).to_be_visible()
    as_dalia = sam.launch()
    expect(as_dalia.get_by_text("Viewing as")).to_be_visible()
    expect(as_ada.get_by_text("This session has ended", exact=True)).to_be_visible()
    expect(as_ada.get_by_text("launched another one in this browser", exact=False)).to_be_visible()
    expect(as_ada.get_by_text("You ended it")).to_have_count(0)
    assert as_ada.evaluate("document.documentElement.dataset.understudyIdentityChanged") == ""
    shoot(as_ada, "replaced")
    sam.page.goto(demo.dashboard_url + "/users/ada")
    expect(sam.page.get_by_text("another one took its place", exact=False)).to_be_visible()
    (over,) = (one for one in sessions(sam) if one["subject"]["id"] == "ada")
    assert over["end_cause"] == "replaced"


@ONE_DATABASE
def test_a_made_up_way_back_shows_nothing_of_somebody_elses_session(
    browser: Browser, demo: Demo
) -> None:
    sam, mara = person(browser, demo), person(browser, demo)
    sam.sign_in_to_dashboard("sam@harbor.example")
    sam.work_as("Ada Lovelace", REASON, TICKET)
    (live,) = sessions(sam)
    mara.sign_in_to_dashboard("mara@harbor.example")
    for session_id in (live["id"], "ses_nobody"):
        mara.page.goto(f"{demo.dashboard_url}/ended?session={session_id}")
        mara.page.wait_for_url(f"{demo.dashboard_url}/users")
        expect(mara.page.get_by_role("heading", name="Users")).to_be_visible()
        expect(mara.page.get_by_text("You are yourself again")).to_have_count(0)


def opened_by(who: Person, act: Any) -> Page:
    """The tab that ``act`` opens, once the app is there."""
    with who.context.expect_page() as opening:
        act()
    tab = opening.value
    tab.wait_for_url(f"{who.demo.app_url}/**")
    return tab


def sessions(who: Person, state: str | None = None) -> list[Any]:
    """What the service has, newest first."""
    return api(who, "/sessions" + (f"?state={state}" if state else ""))


def api(who: Person, path: str) -> list[Any]:
    address = who.demo.dashboard_url
    cookies = who.context.cookies(address)
    cookie = "; ".join(f"{one.get('name')}={one.get('value')}" for one in cookies)
    answer = who.page.request.get(
        f"{address.replace('localhost', '127.0.0.1')}/api/v1{path}",
        headers={"Host": address.removeprefix("http://"), "Cookie": cookie},
    )
    items: list[Any] = answer.json()["items"]
    return items
