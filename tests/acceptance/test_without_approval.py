"""Going ahead without approval, its review, and what those who watch see of somebody's use."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON, FOUND = "Payments are down, nobody answers", "All of it was about the outage."


@ONE_DATABASE
def test_who_goes_ahead_owes_a_review_that_somebody_else_closes_and_their_use_tells_it(
    browser: Browser, demo: Demo
) -> None:
    mara, sam = (person(browser, demo) for _ in range(2))
    mara.sign_in_to_dashboard("mara@harbor.example")
    sam.sign_in_to_dashboard("sam@harbor.example")
    _lets_glass_be_broken(mara)
    _waits(sam, "Ada")
    tab = _goes_ahead(sam, "Bruno")
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    _sees_the_review_and_no_way_to_close_it(sam)
    _closes_it(mara)
    sam.page.reload()
    expect(sam.page.get_by_text("went ahead as")).to_have_count(0)
    _reads_what_sam_made_of_it(mara)
    assert (mara.complaints, sam.complaints) == ([], [])


def _lets_glass_be_broken(mara: Person) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/settings/{mara.demo.application_id}")
    page.get_by_label("Have to agree").fill("1")
    page.get_by_role("switch", name="Allow going ahead without approval").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()


def _waits(sam: Person, name: str) -> None:
    sam.ask_for(name)
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_role("button", name="Ask for approval").click()
    expect(dialog.get_by_text("0 of 1 agree")).to_be_visible()


def _goes_ahead(sam: Person, name: str) -> Page:
    sam.ask_for(name)
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_role("switch", name="Go ahead without approval").check()
    dialog.get_by_role("button", name="Impersonate").click()
    return sam.launch()


def _sees_the_review_and_no_way_to_close_it(sam: Person) -> None:
    sam.page.goto(f"{sam.demo.dashboard_url}/approvals")
    review = _review(sam.page)
    expect(review.get_by_text("Without approval")).to_be_visible()
    expect(review.get_by_text(REASON)).to_be_visible()
    expect(sam.page.get_by_role("button", name="Close the review")).to_have_count(0)


def _closes_it(mara: Person) -> None:
    mara.page.goto(f"{mara.demo.dashboard_url}/approvals")
    review = _review(mara.page)
    review.get_by_role("button", name="Close the review").click()
    expect(review.get_by_text("Say what you found")).to_be_visible()
    review.get_by_label("What you found").fill(FOUND)
    review.get_by_role("button", name="Close the review").click()
    expect(mara.page.get_by_text("The review is closed.")).to_be_visible()
    expect(review).to_have_count(0)


def _reads_what_sam_made_of_it(mara: Person) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/team")
    page.get_by_role("link", name="Sam").click()
    table = page.get_by_role("table", name="Day by day")
    expect(table).to_be_visible()
    names = table.get_by_role("columnheader").all_inner_texts()
    today = table.get_by_role("row").nth(1).get_by_role("cell").all_inner_texts()
    told = dict(zip(names, today, strict=True))
    # One in whose account he went, and one that still waits.
    assert (told["Permitted"], told["Not agreed to"], told["Users"]) == ("1", "1", "1"), told


def _review(page: Page) -> Locator:
    return page.get_by_role("list", name="Open reviews").get_by_role("listitem")
