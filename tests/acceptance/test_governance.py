"""Approval and single changes, as those who ask and those who decide go through them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED, ALLOWED = "Send a reminder", "The customer asked for it on the phone."


@ONE_DATABASE
def test_a_colleague_approves_less_and_allows_one_change_which_goes_through_once(
    browser: Browser, demo: Demo
) -> None:
    mara, sam = (person(browser, demo) for _ in range(2))
    mara.sign_in_to_dashboard("mara@harbor.example")
    sam.sign_in_to_dashboard("sam@harbor.example")
    _asks_for_approval_and_single_changes(mara)
    sam.ask_for("Bruno")
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Never got the reminder, ticket 4812")
    dialog.get_by_role("button", name="Ask for approval").click()
    expect(dialog.get_by_text("0 of 1 agree")).to_be_visible()
    _approves_to_read_alone(mara)
    tab = sam.launch()
    expect(tab.get_by_text("Read only", exact=True)).to_be_visible()
    _is_stopped(tab)
    tab.get_by_role("textbox").fill(ALLOWED)
    tab.get_by_role("button", name="Ask for this change").click()
    expect(tab.get_by_role("heading", name="You asked for this change")).to_be_visible()
    _allows_it(mara)
    tab.goto(_invoice_of(tab))
    tab.get_by_role("button", name=ASKED).click()
    expect(tab.get_by_role("definition").last).to_have_text("1")
    _is_stopped(tab)
    tab.goto(_invoice_of(tab))
    expect(tab.get_by_role("definition").last).to_have_text("1")
    assert (mara.complaints, sam.complaints) == ([], [])


def _asks_for_approval_and_single_changes(mara: Person) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/settings/{mara.demo.application_id}")
    page.get_by_role("switch", name="Let single changes be asked for").check()
    page.get_by_label("Have to agree").fill("1")
    page.get_by_role("checkbox", name="Admin", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()


def _approves_to_read_alone(mara: Person) -> None:
    answer = mara.page.goto(f"{mara.demo.dashboard_url}/approvals")
    assert answer is not None
    assert answer.status == 200
    mara.page.get_by_role("button", name="Approve…").click()
    dialog = mara.page.get_by_role("dialog")
    dialog.get_by_role("switch", name="Read only").check()
    dialog.get_by_role("button", name="Approve", exact=True).click()
    expect(dialog).to_have_count(0)


def _allows_it(mara: Person) -> None:
    mara.page.goto(f"{mara.demo.dashboard_url}/changes")
    expect(mara.page.get_by_text("/invoices/T-1042/remind")).to_be_visible()
    expect(mara.page.get_by_text(ALLOWED)).to_be_visible()
    mara.page.get_by_role("button", name="Allow once").click()
    expect(mara.page.get_by_text("Nothing waits for you")).to_be_visible()


def _is_stopped(tab: Page) -> None:
    tab.goto(_invoice_of(tab))
    tab.get_by_role("button", name=ASKED).click()
    expect(tab.get_by_role("heading", name="Not while impersonating")).to_be_visible()


def _invoice_of(tab: Page) -> str:
    return f"{tab.evaluate('location.origin')}/invoices/T-1042"
