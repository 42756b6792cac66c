"""The Clerk example as its README starts it: Clerk's SDK for Express, pointed at Understudy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Example, running_example
from tests.acceptance.people import sign_in
from tests.acceptance.test_axe import violations

REASON = "Ticket 4711: a memo is missing"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    """The app, and its service."""
    with running_example("express_clerk", tmp_path_factory.mktemp("clerk") / "data") as found:
        yield found


def signed_in(page: Page, site: str) -> None:
    """As Kim, of the staff."""
    page.goto(f"{site}/login")
    sign_in(page, "kim@paperclip.example", "paperclip")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


def impersonate_ada(page: Page) -> None:
    """Say why, confirm, and be there."""
    card = page.get_by_role("article").filter(has_text="Ada Byron")
    card.get_by_label("Why?").fill(REASON)
    card.get_by_role("button", name="Impersonate Ada").click()
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Memos")).to_be_visible()


def test_support_works_as_a_customer_and_is_themself_again(
    browser: Browser, example: Example
) -> None:
    hers, context = browser.new_context(), browser.new_context()
    ada, page = hers.new_page(), context.new_page()
    ada.goto(f"{example.url}/login")
    sign_in(ada, "ada@engines.example", "paperclip")
    expect(ada.get_by_text("Order brass")).to_be_visible()
    signed_in(page, example.url)
    own = {one["name"]: one["value"] for one in context.cookies()}
    impersonate_ada(page)
    strip = page.get_by_role("region", name="Impersonation")
    expect(strip).to_contain_text("Kim Winter works as Ada Byron.")
    expect(strip).to_contain_text(REASON)
    assert violations(page) == []
    page.get_by_label("New memo").fill("Found the memo")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Kim Winter for Ada Byron")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("New password").fill("mine now")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Only the user themself may")).to_be_visible()

    ada.reload()
    expect(ada.get_by_text("Found the memo")).to_be_visible()
    expect(ada.get_by_role("region", name="Impersonation")).to_have_count(0)

    page.goto(example.url)
    strip.get_by_role("button", name="End session").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Kim Winter")
    now = {one["name"]: one["value"] for one in context.cookies()}
    assert {name: now[name] for name in own} == own
    assert not {"__session", "__client_uat"} & now.keys()
    ada.get_by_role("link", name="Settings").click()
    ada.get_by_label("New password").fill("mine now")
    ada.get_by_role("button", name="Change password").click()
    expect(ada.get_by_text("everybody keeps the same password")).to_be_visible()
    hers.close()
    context.close()


def test_a_form_of_a_session_that_is_over_is_given_back(browser: Browser, example: Example) -> None:
    context = browser.new_context()
    page = context.new_page()
    signed_in(page, example.url)
    impersonate_ada(page)
    page.get_by_label("New memo").fill("half a thought")
    other = context.new_page()
    other.goto(example.url)
    other.get_by_role("button", name="End session").click()
    expect(other.get_by_role("heading", name="Customers")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Not saved")).to_be_visible()
    expect(page.get_by_label("What you had typed")).to_have_value("half a thought")
    context.close()


def test_nobody_goes_in_without_a_reason(browser: Browser, example: Example) -> None:
    context = browser.new_context()
    page = context.new_page()
    signed_in(page, example.url)
    card = page.get_by_role("article").filter(has_text="Grace Marsh")
    card.get_by_label("Why?").fill("   because   ")
    card.get_by_role("button", name="Impersonate Grace").click()
    expect(page.get_by_role("status")).to_have_text("Say why, in at least ten characters.")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    context.close()
