"""The React examples as their READMEs start them: one back end embeds Understudy, one asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance.conftest import Example, running_example
from tests.acceptance.people import sign_in
from tests.acceptance.test_axe import violations

EMBEDDED = "fastapi_react"
REASON = "Ticket 4711: an expense is missing"


@pytest.fixture(scope="module", params=[EMBEDDED, "express_react"])
def example(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Example]:
    """The app."""
    data_dir = tmp_path_factory.mktemp(request.param) / "data"
    with running_example(request.param, data_dir, alone=request.param == EMBEDDED) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of somebody of the staff."""
    made = browser.new_context()
    yield made
    made.close()


def signed_in(page: Page, site: str) -> None:
    """As Kim, of the staff."""
    page.goto(site)
    sign_in(page, "kim@tally.example", "tally")
    expect(page.get_by_role("heading", name="Users")).to_be_visible()


def impersonate_ada(page: Page) -> None:
    """By the button in the app's own list."""
    page.get_by_role("button", name="Impersonate Ada").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_label("What you may do").select_option("full")
    assert violations(page) == []
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Expenses")).to_be_visible()


def add(page: Page, what: str) -> None:
    """An expense."""
    page.get_by_label("What for?").fill(what)
    page.get_by_label("Euros").fill("12.5")
    page.get_by_role("button", name="Add").click()


def test_support_works_as_a_user_and_is_themself_again(
    browser: Browser, context: BrowserContext, example: Example
) -> None:
    hers = browser.new_context()
    ada, page = hers.new_page(), context.new_page()
    ada.goto(example.url)
    sign_in(ada, "ada@engines.example", "tally")
    expect(ada.get_by_text("Brass, 3 kg")).to_be_visible()
    signed_in(page, example.url)
    own = {one["name"]: one["value"] for one in context.cookies()}
    impersonate_ada(page)
    banner = page.locator("understudy-banner")
    expect(banner).to_contain_text("Ada")
    assert violations(page) == []
    add(page, "Found by support")
    expect(page.get_by_text("Kim Winter for Ada Byron")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("New password").fill("mine now")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("is blocked while impersonating")).to_be_visible()
    expect(page.get_by_text("everybody keeps the same password")).to_have_count(0)

    ada.reload()
    expect(ada.get_by_text("Found by support")).to_be_visible()
    expect(ada.locator("understudy-banner")).to_have_count(0)

    page.goto(example.url)
    banner.get_by_role("button", name="End session").click()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    now = {one["name"]: one["value"] for one in context.cookies()}
    assert {name: now[name] for name in own} == own
    ada.get_by_role("link", name="Settings").click()
    ada.get_by_label("New password").fill("mine now")
    ada.get_by_role("button", name="Change password").click()
    expect(ada.get_by_text("everybody keeps the same password")).to_be_visible()
    hers.close()


def test_what_was_typed_in_a_session_that_is_over_is_kept_and_goes_nowhere(
    context: BrowserContext, example: Example
) -> None:
    page = context.new_page()
    signed_in(page, example.url)
    impersonate_ada(page)
    page.get_by_label("What for?").fill("half a thought")
    page.get_by_label("Euros").fill("1")
    other = context.new_page()
    other.goto(example.url)
    other.locator("understudy-banner").get_by_role("button", name="End session").click()
    expect(other.get_by_role("heading", name="Users")).to_be_visible()
    page.get_by_label("What for?").press("Enter")
    expect(page.get_by_label("What for?")).to_have_value("half a thought")
    hers = context.browser.new_context() if context.browser else context
    ada = hers.new_page()
    ada.goto(example.url)
    sign_in(ada, "ada@engines.example", "tally")
    expect(ada.get_by_text("Brass, 3 kg")).to_be_visible()
    expect(ada.get_by_text("half a thought")).to_have_count(0)
    hers.close()
