"""Consent, as staff ask for it and users give it and take it back in their app."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True, kw_only=True)
class Bruno:
    """What Bruno says in the app, which tells it on with its secret."""

    backend: httpx.Client

    def asked(self) -> dict[str, Any]:
        """The one request that waits for an answer."""
        (request,) = self.backend.get("/consents").raise_for_status().json()["requests"]
        return dict(request)

    def says(self, path: str, body: object = None) -> dict[str, Any]:
        answer = self.backend.post(path, json=body) if body else self.backend.post(path)
        return dict(answer.raise_for_status().json())


@pytest.fixture
def bruno(demo: Demo) -> Iterator[Bruno]:
    secret = json.loads((demo.data_dir / "demo.json").read_text())["secret"]
    at = f"{demo.dashboard_url}/api/v1/subjects/bruno"
    with httpx.Client(base_url=at, auth=(demo.application_id, secret), trust_env=False) as backend:
        yield Bruno(backend=backend)


@ONE_DATABASE
def test_a_user_is_asked_each_time_and_answers_by_a_tap_or_by_a_code(
    browser: Browser, demo: Demo, bruno: Bruno
) -> None:
    mara, sam = (person(browser, demo) for _ in range(2))
    mara.sign_in_to_dashboard("mara@harbor.example")
    sam.sign_in_to_dashboard("sam@harbor.example")
    _asks_users(mara, "Each time, by whoever wants to work")
    dialog = _asks(sam)
    asked = bruno.asked()
    # Not by its text alone: minutes stand in the dialog as well.
    expect(dialog.get_by_role("strong").filter(has_text=asked["digits"])).to_be_visible()
    bruno.says(f"/consent-requests/{asked['id']}/allow")
    expect(dialog.get_by_text("They agreed. Press Impersonate.")).to_be_visible()
    dialog.get_by_role("button", name="Impersonate").click()
    tab = sam.launch()
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    bruno.says("/consents/withdraw")
    expect(tab.get_by_text("The user does not agree to it any more").first).to_be_visible()
    dialog = _asks(sam)
    code = bruno.says(f"/consent-requests/{bruno.asked()['id']}/code")["code"]
    dialog.get_by_label("Or the code that they read to you").fill("HELP 0000 0000")
    dialog.get_by_role("button", name="Use code").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Or the code that they read to you").fill(code)
    dialog.get_by_role("button", name="Use code").click()
    expect(dialog.get_by_text("They agreed. Press Impersonate.")).to_be_visible()
    assert (mara.complaints, sam.complaints) == ([], [])


@ONE_DATABASE
def test_a_user_agrees_for_a_time_and_takes_it_back(
    browser: Browser, demo: Demo, bruno: Bruno
) -> None:
    mara, sam = (person(browser, demo) for _ in range(2))
    mara.sign_in_to_dashboard("mara@harbor.example")
    sam.sign_in_to_dashboard("sam@harbor.example")
    _asks_users(mara, "Once, for a number of days")
    bruno.says("/consents", {"days": 3})
    tab = sam.work_as("Bruno", "Wrong total on an invoice")
    bruno.says("/consents/withdraw")
    expect(tab.get_by_text("The user does not agree to it any more").first).to_be_visible()
    sam.ask_for("Bruno")
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Wrong total on an invoice")
    dialog.get_by_role("button", name="Impersonate").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(sam.page.get_by_role("button", name="Launch in new tab")).to_have_count(0)
    assert (mara.complaints, sam.complaints) == ([], [])


def _asks_users(mara: Person, how: str) -> None:
    page = mara.page
    page.goto(f"{mara.demo.dashboard_url}/settings/{mara.demo.application_id}")
    page.get_by_role("radio", name=how).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()


def _asks(sam: Person) -> Locator:
    """Try to start without consent, and put it to the user."""
    sam.ask_for("Bruno")
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Wrong total on an invoice")
    dialog.get_by_role("button", name="Impersonate").click()
    dialog.get_by_role("button", name="Ask the user").click()
    expect(dialog.get_by_text("The user sees your request in the app")).to_be_visible()
    return dialog
