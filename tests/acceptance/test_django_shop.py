"""The Django example as its README starts it: support works as a customer, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Locator, Page, expect

from examples.service import understudy
from tests.acceptance.conftest import running_example
from tests.acceptance.people import sign_in
from tests.acceptance.test_axe import violations
from tests.fixtures.postgresql import PostgresServer

REASON = "Ticket 4711: a parcel is missing"
FORBIDDEN = "is blocked while impersonating"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Where it is, and where its data are."""

    url: str
    database_url: str
    data: Path

    def rows(self, query: str, *values: object) -> list[Any]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query, values).fetchall()

    def login(self, context: BrowserContext) -> list[Any]:
        """The session row by which ``context`` is signed in."""
        (key,) = (one["value"] for one in context.cookies() if one["name"] == "sessionid")
        found = self.rows("SELECT * FROM django_session WHERE session_key = %s", key)
        assert len(found) == 1
        return found


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Shop]:
    """One for all: nothing that is tried here is in the way of anything else."""
    data = tmp_path_factory.mktemp("shop")
    with (
        postgres_server.database() as database_url,
        running_example("django_shop", data, DATABASE_URL=database_url) as example,
    ):
        yield Shop(url=example.url, database_url=database_url, data=data)


def signed_in(page: Page, shop: Shop, email: str) -> None:
    page.goto(shop.url)
    sign_in(page, email, "saltbox")


def as_kim(page: Page, shop: Shop, *, looked_at: bool = True) -> None:
    """Of the staff, with the second factor."""
    signed_in(page, shop, "kim@saltbox.example")
    assert not looked_at or violations(page) == []
    page.get_by_label("Code of Kim's phone").fill(page.locator("code").inner_text())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    assert not looked_at or violations(page) == []


def start_from_the_list(page: Page, name: str) -> Locator:
    """With the shop's own button; the banner."""
    found = page.get_by_role("article").filter(has_text=name)
    found.get_by_role("button", name="Impersonate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(REASON)
    assert violations(page) == []
    dialog.get_by_role("button", name="Start").click()
    return shown(page, name)


def start_from_the_admin(page: Page) -> Locator:
    """As Ada, chosen in the admin's list of users; the banner."""
    page.get_by_role("link", name="Admin").click()
    page.get_by_role("link", name="Users").click()
    page.get_by_role("row", name="ada@engines.example").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("impersonate")
    page.get_by_role("button", name=re.compile("Go|Run")).click()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Impersonate").click()
    return shown(page, "Ada")


def shown(page: Page, name: str) -> Locator:
    expect(page.get_by_role("heading", name="Your orders")).to_be_visible()
    banner = page.locator("understudy-banner")
    expect(banner).to_contain_text(name)
    return banner


def test_support_works_as_a_customer_and_is_themself_again(browser: Browser, shop: Shop) -> None:
    hers, context = browser.new_context(), browser.new_context()
    ada, page = hers.new_page(), context.new_page()
    signed_in(ada, shop, "ada@engines.example")
    expect(ada.get_by_role("heading", name="Your orders")).to_be_visible()
    as_kim(page, shop)
    before, her_before = shop.login(context), shop.login(hers)

    banner = start_from_the_admin(page)
    assert violations(page) == []
    page.get_by_role("link", name="Order 1058").click()
    page.get_by_label("Message").fill("Found the parcel")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Kim Winter for Ada Byron")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("definition").filter(has_text="ada@engines.example")).to_be_visible()
    page.get_by_role("link", name="Change password").click()
    expect(page.get_by_text(FORBIDDEN)).to_be_visible()
    page.goto(f"{shop.url}/customers/")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    expect(banner).to_contain_text("Ada")

    ada.get_by_role("link", name="Order 1058").click()
    expect(ada.get_by_text("Found the parcel")).to_be_visible()
    expect(ada.locator("understudy-banner")).to_have_count(0)
    ada.get_by_role("link", name="Account").click()
    ada.get_by_role("link", name="Change password").click()
    expect(ada.get_by_role("heading", name="Change password")).to_be_visible()

    page.goto(shop.url)
    banner.get_by_role("button", name="End session").click()
    page.wait_for_url("**/admin/auth/user/1/impersonate/")
    assert shop.login(context) == before
    assert shop.login(hers) == her_before
    page.goto(f"{shop.url}/account/")
    expect(page.get_by_role("banner")).to_contain_text("Kim Winter")
    expect(page.get_by_role("definition").filter(has_text="Shown")).to_be_visible()
    hers.close()
    context.close()


def test_what_was_typed_for_one_is_given_back_and_stored_for_no_other(
    browser: Browser, shop: Shop
) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    before = shop.rows("SELECT * FROM shop_message ORDER BY id")
    as_kim(page, shop)
    banner = start_from_the_list(page, "Ada")
    of_ada = banner.get_by_role("link", name="Other ways to end").get_attribute("href")
    page.get_by_role("link", name="Order 1058").click()
    page.get_by_label("Message").fill("Half a sentence")
    other = context.new_page()
    other.goto(shop.url)
    shown(other, "Ada").get_by_role("button", name="End session").click()
    start_from_the_list(other, "Grace")
    # The page keeps it where its script has heard of the end; where not, the answer has it.
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Message")).to_have_value("Half a sentence")
    assert of_ada is not None

    def sent() -> APIResponse:
        return other.request.post(
            f"{shop.url}/orders/1058/messages/?{of_ada.partition('?')[2]}",
            form={"text": "Half a sentence"},
            headers={"accept": "text/html", "origin": shop.url},
        )

    assert sent().status == HTTPStatus.CONFLICT
    assert "Half a sentence" in sent().text()
    understudy(shop.data, "sessions", "end", "--all", "--yes")
    expect(other.get_by_text("This session has ended", exact=True)).to_be_visible()
    late = sent()
    assert late.status == HTTPStatus.UNAUTHORIZED
    assert "Half a sentence" in late.text()
    assert shop.rows("SELECT * FROM shop_message ORDER BY id") == before
    context.close()


def test_a_password_alone_starts_nothing(browser: Browser, shop: Shop) -> None:
    context = browser.new_context()
    page = context.new_page()
    signed_in(page, shop, "kim@saltbox.example")
    for path in ("/customers/", "/admin/auth/user/1/impersonate/"):
        page.goto(shop.url + path)
        expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.evaluate(
        """(reason) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = "/_understudy/start";
          for (const [name, value] of [["subject_id", "1"], ["reason", reason]])
            form.append(Object.assign(document.createElement("input"), {name, value}));
          document.body.append(form);
          form.submit();
        }""",
        REASON,
    )
    page.wait_for_url("**/_understudy/start")
    expect(page.get_by_role("heading", name="The session did not start")).to_be_visible()
    page.goto(shop.url)
    expect(page.get_by_role("banner")).to_contain_text("Kim Winter")
    expect(page.locator("understudy-banner")).to_have_count(0)
    context.close()


def test_the_code_shown_is_good_at_every_sign_in(browser: Browser, shop: Shop) -> None:
    for _ in range(4):
        context = browser.new_context()
        as_kim(context.new_page(), shop, looked_at=False)
        context.close()
