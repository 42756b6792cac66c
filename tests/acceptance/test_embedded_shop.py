"""The Django example with Understudy inside: the shop's staff work from its dashboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.people import sign_in
from tests.acceptance.shop_inside import (
    PREFIX,
    REASON,
    Colleague,
    ShopInside,
    colleague,
    shop_inside,
)
from tests.acceptance.test_axe import violations
from tests.fixtures.postgresql import PostgresServer

SETTINGS = "/settings/app_embedded"
PAGES = {
    **{"/": "Users", "/users": "Users", "/users/1": "Ada Byron", "/ended": "Users"},
    **{"/sessions": "Sessions", "/account": "Your account", "/settings": "Settings"},
    # Whom the app has signed in has nothing to do there.
    **dict.fromkeys(("/sign-in", "/setup", "/invitation"), "Users"),
}
"""What everybody of the staff may open, by its heading."""
OF_ADMINS = {
    **{"/audit": "Audit", "/audit/0": "Installation created", "/team": "Team"},
    **{SETTINGS + path: "Saltbox" for path in ("", "/holds", "/webhooks")},
}
LOOKED_AT = ("/users", "/account", "/team", SETTINGS)
ADD_WEBHOOK = """async (api) => {
  const answer = await fetch(`${api}/webhooks`, {
    method: "POST", headers: {"Content-Type": "application/json"},
    body: JSON.stringify({
      application_id: "app_embedded", url: "https://never.example/hook",
      description: "Security channel", types: ["hold.released"],
    }),
  });
  return (await answer.json()).webhook.id;
}"""
TICKET = "application_id=app_embedded&impersonate&reason=A+lost+parcel&ticket=7"
FORBIDDEN = "is blocked while impersonating"


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

    open_before = kim.context.new_page()
    open_before.goto(shop.dashboard)
    expect(open_before.get_by_role("heading", name="Users")).to_be_visible()
    tab = start_from_dashboard(kim)
    no_page_is_loaded_anew(open_before)
    tab.get_by_role("link", name="Account").click()
    tab.get_by_role("link", name="Change password").click()
    expect(tab.get_by_text(FORBIDDEN)).to_be_visible()
    # The dialog says so, and with the next news the strip above all pages.
    expect(kim.page.get_by_text("You are working as Ada Byron").first).to_be_visible()
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


def no_page_is_loaded_anew(page: Page) -> None:
    """Its script comes with the first visit, and to whoever works as a customer nothing comes."""
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="You are working as Ada Byron")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="End the session").click()
    expect(page.get_by_role("button", name="End")).to_be_visible()
    page.close()


def visit(who: Colleague, pages: dict[str, str]) -> None:
    for path, heading in pages.items():
        page = who.open(path)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        assert path not in LOOKED_AT or violations(page) == []


def test_every_page_is_below_the_path_for_those_who_set_the_rules(
    browser: Browser, shop: ShopInside
) -> None:
    rosa = colleague(browser, shop, color_scheme="dark")
    rosa.page.goto(f"{shop.dashboard}/team?from=ticket")
    entrance = rosa.page.get_by_role("link", name="Go to the app")
    entrance.click()
    sign_in(rosa.page, "rosa@saltbox.example", "saltbox")
    expect(rosa.page.get_by_role("heading", name="Second step")).to_be_visible()
    rosa.open("/team")
    # A password alone opens nothing.
    expect(entrance).to_be_visible()
    assert violations(rosa.page) == []
    entrance.click()
    with rosa.page.expect_request(f"{shop.dashboard}/api/v1/events/stream"):
        rosa.show_second_factor()
    expect(rosa.page.get_by_role("heading", name="Team")).to_be_visible()
    rosa.complaints.clear()  # that nobody was signed in

    visit(rosa, PAGES | OF_ADMINS)
    endpoint = rosa.page.evaluate(ADD_WEBHOOK, f"{shop.dashboard}/api/v1")
    visit(rosa, {f"{SETTINGS}/webhooks/{endpoint}": "Security channel"})
    page = rosa.open("/audit")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.url.startswith(f"{shop.dashboard}/api/v1/")
    assert "installation.created" in download.value.path().read_text()
    assert rosa.strayed + rosa.complaints == []
    missing = rosa.open(f"{SETTINGS}/webhooks/{endpoint}/msg_none")
    expect(missing.get_by_role("heading", name="There is no such page")).to_be_visible()
    assert rosa.strayed == []
    rosa.context.close()


def test_every_page_is_below_the_path_for_those_who_help(
    browser: Browser, shop: ShopInside
) -> None:
    kim = colleague(browser, shop)
    kim.sign_in("kim")
    visit(kim, PAGES)
    page = kim.open(
        "/users/1?application_id=app_embedded&impersonate&reason=A+lost+parcel&ticket=7"
    )
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Ticket")).to_have_value("7")
    dialog.get_by_role("button", name="Impersonate").click()
    launch = page.get_by_role("button", name="Launch in new tab")
    sent_to = launch.locator("xpath=ancestor::form").get_attribute("action") or ""
    grant = re.fullmatch(f"{PREFIX}/api/v1/grants/([^/]+)/launch", sent_to)
    assert grant is not None
    visit(kim, {f"/launch/{grant[1]}": "Work as Ada Byron"})
    assert kim.strayed + kim.complaints == []
    kim.context.close()
