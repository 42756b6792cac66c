"""The Django example with Understudy inside: the shop's staff work from its dashboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.people import sign_in
from tests.acceptance.shop_inside import REASON, Colleague, ShopInside, colleague, shop_inside
from tests.acceptance.test_axe import violations
from tests.fixtures.postgresql import PostgresServer

FORBIDDEN = "Only the user themself may"


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[ShopInside]:
    """One for all: nothing that is tried here is in the way of anything else."""
    with (
        postgres_server.database() as database_url,
        shop_inside(tmp_path_factory.mktemp("shop"), database_url) as running,
    ):
        yield running


def start_from_dashboard(kim: Colleague) -> Page:
    """As Ada, with the password once more; the tab in which she is."""
    page = kim.page
    page.get_by_role("searchbox").fill("ada")
    row = page.get_by_role("row").filter(has_text="ada@engines.example")
    row.get_by_role("button", name="Impersonate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_role("button", name="Impersonate").click()
    password = dialog.get_by_label("Your password in the app")
    password.fill("pepper")
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    password.fill("saltbox")
    dialog.get_by_role("button", name="Confirm").click()
    with kim.context.expect_page() as opening:
        dialog.get_by_role("button", name="Launch in new tab").click()
    tab = opening.value
    expect(tab.get_by_role("heading", name="Your orders")).to_be_visible()
    expect(tab.locator("understudy-banner")).to_contain_text("Ada Byron")
    return tab


def test_support_works_as_a_customer_and_is_themself_again(
    browser: Browser, shop: ShopInside
) -> None:
    kim, hers = colleague(browser, shop), browser.new_context()
    ada = hers.new_page()
    ada.goto(shop.url)
    sign_in(ada, "ada@engines.example", "saltbox")
    expect(ada.get_by_role("heading", name="Your orders")).to_be_visible()
    kim.sign_in("kim")
    shop.age(kim.context)
    before, her_before = shop.login(kim.context), shop.login(hers)
    kim.page.get_by_role("link", name="Understudy").click()
    expect(kim.page.get_by_role("heading", name="Users")).to_be_visible()

    tab = start_from_dashboard(kim)
    tab.get_by_role("link", name="Account").click()
    tab.get_by_role("link", name="Change password").click()
    expect(tab.get_by_text(FORBIDDEN)).to_be_visible()
    expect(kim.page.get_by_text("You are working as Ada Byron")).to_be_visible()
    other = kim.context.new_page()
    other.goto(shop.dashboard + "/audit")
    expect(other.get_by_role("heading", name="Not while impersonating")).to_be_visible()
    assert violations(other) == []
    ada.get_by_role("link", name="Account").click()
    ada.get_by_role("link", name="Change password").click()
    expect(ada.get_by_role("heading", name="Change password")).to_be_visible()
    expect(ada.locator("understudy-banner")).to_have_count(0)

    tab.goto(f"{shop.url}/orders/1058/")
    tab.get_by_label("Message").fill("Half a sentence")
    other.goto(shop.url)
    other.locator("understudy-banner").get_by_role("button", name="End session").click()
    expect(other.get_by_text("You are yourself again")).to_be_visible()
    assert other.url.startswith(f"{shop.dashboard}/users/")
    expect(kim.page.get_by_text("You are no longer working as Ada Byron")).to_be_visible()
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_label("Message")).to_have_value("Half a sentence")
    ada.goto(f"{shop.url}/orders/1058/")
    expect(ada.get_by_text("Nothing was written about it yet.")).to_be_visible()
    assert shop.login(kim.context) == before
    assert shop.login(hers) == her_before

    other.goto(shop.url)
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("Password")).to_be_visible()
    kim.page.goto(shop.dashboard)
    expect(kim.page.get_by_role("heading", name="Sign in through the app")).to_be_visible()
    hers.close()
    kim.context.close()
