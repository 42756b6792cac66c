"""Webhooks and legal holds as an admin sets them up, and as others see or do not see them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person
from tests.integration.webhooks.receiver import Reaction, receiving

BROKEN = Reaction(status=500, body=b"the queue is full")
TAKEN = Reaction(status=200, body=b"taken")
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def internal_receivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a service that is started afterwards call receivers on this machine."""
    monkeypatch.setenv("UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")


@pytest.mark.usefixtures("internal_receivers")
@ONE_DATABASE
def test_an_admin_adds_a_webhook_and_sees_what_became_of_each_message(
    browser: Browser, demo: Demo
) -> None:
    mara = person(browser, demo)
    mara.sign_in_to_dashboard("mara@harbor.example")
    with receiving() as receiver:
        receiver.react = lambda _: BROKEN
        _adds_a_webhook(mara, f"http://127.0.0.1:{receiver.port}/hook")
        page = mara.page
        page.get_by_role("button", name="Send a test").click()
        first = receiver.next()
        expect(page.get_by_role("heading", name="Test message")).to_be_visible()
        expect(page.get_by_text("Given up")).to_be_visible()
        expect(page.get_by_text("the queue is full")).to_be_visible()
        receiver.react = lambda _: TAKEN
        page.get_by_role("button", name="Send again").click()
        second = receiver.next()
        expect(page.get_by_text("Delivered", exact=True)).to_be_visible()
        expect(page.get_by_text("Attempt 2")).to_be_visible()
        assert (first.id, first.path) == (second.id, second.path)
        page.reload()
        expect(page.get_by_role("heading", name="Test message")).to_be_visible()
    assert mara.complaints == []


def _adds_a_webhook(mara: Person, url: str) -> None:
    page = mara.page
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Harbor Invoices").click()
    page.get_by_role("navigation", name="Harbor Invoices").get_by_text("Webhooks").click()
    page.get_by_role("button", name="Add a webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("URL").fill("http://169.254.169.254/latest")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("https://")
    dialog.get_by_label("URL").fill(url)
    dialog.get_by_label("Description").fill("Security channel")
    dialog.get_by_role("button", name="Add", exact=True).click()
    secret = dialog.get_by_text(re.compile("^whsec_"))
    expect(secret).to_be_visible()
    shown = secret.inner_text()
    dialog.get_by_role("button", name="I have it").click()
    expect(page.get_by_role("heading", name="Security channel")).to_be_visible()
    assert shown not in page.content()


@ONE_DATABASE
def test_a_hold_is_seen_where_it_matters_and_released_by_those_who_may(
    browser: Browser, demo: Demo
) -> None:
    mara, sam, theo = (person(browser, demo) for _ in range(3))
    user = f"{demo.dashboard_url}/users/ada?application_id={demo.application_id}"
    mara.sign_in_to_dashboard("mara@harbor.example")
    mara.page.goto(user)
    mara.page.get_by_role("button", name="Actions for Ada Lovelace").click()
    mara.page.get_by_role("menuitem", name="Place a legal hold").click()
    mara.page.get_by_label("Reason").fill("Case 118")
    mara.page.get_by_role("button", name="Place the hold").click()
    expect(mara.page.get_by_text("Under legal hold")).to_be_visible()

    refused = demo.command(
        "audit", "erase", "--subject", "ada", "--app", demo.application_id,
        "--data-dir", str(demo.data_dir),
    )  # fmt: skip
    assert refused.returncode != 0
    assert "legal hold" in refused.stderr

    theo.sign_in_to_dashboard("theo@harbor.example")
    theo.page.goto(user)
    expect(theo.page.get_by_text("Case 118")).to_be_visible()
    expect(theo.page.get_by_role("button", name="Release")).to_have_count(0)
    sam.sign_in_to_dashboard("sam@harbor.example")
    sam.page.goto(user)
    expect(sam.page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    expect(sam.page.get_by_text("Under legal hold")).to_have_count(0)

    mara.page.get_by_role("button", name="Release the hold on Ada Lovelace").click()
    mara.page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(mara.page.get_by_text("Under legal hold")).to_have_count(0)
    theo.page.goto(f"{demo.dashboard_url}/audit?type=hold.released")
    expect(theo.page.get_by_role("row").filter(has_text="Case 118")).to_have_count(1)
    assert mara.complaints + sam.complaints + theo.complaints == []
