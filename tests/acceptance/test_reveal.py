"""A hidden field, tried out and made revealable by an admin, and shown to an actor who says why."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, hidden_fields, person

HIDDEN = "HiddenByUnderstudy"
IBAN = "DE02 1203 0000 0000 2020 51"
REASON = "Bruno reads it out, ticket 4812"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_hidden_is_shown_to_whoever_says_why_and_told(browser: Browser, demo: Demo) -> None:
    mara, sam = (person(browser, demo) for _ in range(2))
    mara.sign_in_to_dashboard("mara@harbor.example")
    sam.sign_in_to_dashboard("sam@harbor.example")
    _hides_the_account(mara)
    tab = sam.work_as("Bruno", "Payout of March is missing")
    settings = f"{tab.evaluate('location.origin')}/settings"
    tab.goto(settings)
    expect(tab.get_by_label("IBAN")).to_have_value(HIDDEN)
    _asks_to_see_it(tab)
    tab.wait_for_url(settings)
    expect(tab.get_by_label("IBAN")).to_have_value(IBAN)
    hidden_fields(tab).click()
    expect(tab.get_by_role("listitem")).to_contain_text("the field iban at /settings, until")
    _finds_it_in_the_log(mara)
    _takes_it_back(mara)
    tab.goto(settings)
    expect(tab.get_by_label("IBAN")).to_have_value(HIDDEN)
    expect(tab.get_by_role("link", name="Hidden fields")).to_have_count(0)
    assert (mara.complaints, sam.complaints) == ([], [])


def _hides_the_account(mara: Person) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/settings/{mara.demo.application_id}")
    page.get_by_role("button", name="Hide a field").click()
    page.get_by_label("Name of hidden field 1").fill("iban")
    page.get_by_label("May be shown for ten minutes to an actor who says why: iban").check()
    page.get_by_label("Kind of answer").select_option("HTML")
    page.get_by_label("Sample").fill(f'<input name="iban" value="{IBAN}">')
    page.get_by_role("button", name="What would be seen?").click()
    expect(page.get_by_text(f'<input name="iban" value="{HIDDEN}" disabled>')).to_be_visible()
    expect(page.get_by_text(f"Field iban: {IBAN}")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()


def _asks_to_see_it(tab: Page) -> None:
    hidden_fields(tab).click()
    expect(tab.get_by_role("heading", name="Show a hidden field")).to_be_visible()
    expect(tab.get_by_label("At which address of the app")).to_have_value("/settings")
    tab.get_by_label("Why do you have to see it?").fill(REASON)
    tab.get_by_role("button", name="Show it").click()


def _finds_it_in_the_log(mara: Person) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/audit")
    row = page.get_by_role("row").filter(has_text="Hidden field revealed")
    expect(row).to_contain_text(f"field iban at /settings · {REASON}")
    expect(page.get_by_text(IBAN)).to_have_count(0)


def _takes_it_back(mara: Person) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/settings/{mara.demo.application_id}")
    page.get_by_label("May be shown for ten minutes to an actor who says why: iban").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()
