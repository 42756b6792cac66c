"""The Flask example as its README starts it: support works as a customer, in a real browser."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import ROOT, running_example
from tests.acceptance.people import sign_in
from tests.acceptance.test_axe import violations

REASON = "Ticket 4711: a deal is missing"
FORBIDDEN = "is blocked while impersonating"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[str]:
    """The CRM's address."""
    with running_example("flask_crm", tmp_path / "data") as example:
        yield example.url


def signed_in(page: Page, crm: str) -> None:
    """As Kim, of the staff."""
    page.goto(crm)
    sign_in(page, "kim@lighthouse.example", "lighthouse")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


def test_support_works_as_a_customer_and_is_themself_again(browser: Browser, crm: str) -> None:
    hers, context = browser.new_context(), browser.new_context()
    ada, page = hers.new_page(), context.new_page()
    ada.goto(crm)
    sign_in(ada, "ada@engines.example", "lighthouse")
    expect(ada.get_by_role("heading", name="Deals")).to_be_visible()
    her_own = {one["name"]: one["value"] for one in hers.cookies()}
    signed_in(page, crm)
    own = {one["name"]: one["value"] for one in context.cookies()}
    assert {"session", "remember_token"} <= own.keys()
    card = page.get_by_role("article").filter(has_text="Ada Byron")
    card.get_by_label("Why?").fill(REASON)
    card.get_by_role("button", name="Impersonate Ada").click()
    expect(page.get_by_role("heading", name="Deals")).to_be_visible()
    expect(page.get_by_text("Difference engine")).to_be_visible()
    banner = page.locator("understudy-banner")
    expect(banner).to_contain_text("Ada")
    assert violations(page) == []
    page.get_by_role("link", name="Charles Babbage").click()
    page.get_by_label("Note").fill("Found the deal")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Kim Winter for Ada Byron")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("New password").fill("mine now")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text(FORBIDDEN)).to_be_visible()

    ada.get_by_role("link", name="Charles Babbage").click()
    expect(ada.get_by_text("Found the deal")).to_be_visible()
    expect(ada.locator("understudy-banner")).to_have_count(0)

    page.goto(crm)
    banner.get_by_role("button", name="End session").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Kim Winter")
    now = {one["name"]: one["value"] for one in context.cookies()}
    assert {name: now[name] for name in own} == own
    assert {one["name"]: one["value"] for one in hers.cookies()} == her_own
    ada.get_by_role("link", name="Settings").click()
    ada.get_by_label("New password").fill("mine now")
    ada.get_by_role("button", name="Change password").click()
    expect(ada.get_by_text("everybody keeps the same password")).to_be_visible()
    hers.close()
    context.close()


def test_where_another_program_listens_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["--port", str(taken.getsockname()[1]), "--data-dir", str(tmp_path / "data")]
        ran = subprocess.run(
            [sys.executable, "-m", "examples.flask_crm", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ran.returncode, (tmp_path / "data").exists()) == (1, False)
    assert ran.stderr.startswith("Another program listens on port")
