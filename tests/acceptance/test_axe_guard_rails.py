"""What axe finds where the guard rails are set and looked at, in each of their states."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, hidden_fields, person
from tests.acceptance.test_axe import opened, violations

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
Found = dict[str, list[str]]
SETTINGS = {
    "consent": {"mode": "standing", "tell": True, "organizations": {"tidewater": "ask"}},
    "policy_changes": {"confirmation": "second_admin"},
    "redaction": {
        "secrets": True,
        "rules": [
            {"kind": "field", "match": "iban", "revealable": True},
            {"kind": "path", "match": "user.addresses.*.street", "deed": "drop"},
            {"kind": "detector", "match": "national_id_de"},
            {"kind": "detector", "match": "token"},
        ],
        "open_routes": ["/invoices/{id}.pdf"],
    },
}
MAIL = {"host": "mail.example.com", "port": 587, "tls": "starttls", "sender": "u@example.com"}
POLICIES = "permit (principal, action, resource);"


def call(who: Person, method: str, path: str, body: object) -> None:
    """What a page of the dashboard would send."""
    origin = who.demo.dashboard_url
    answer = who.context.request.fetch(
        f"{origin}/api/v1{path}",
        method=method,
        data=body,
        headers={"Sec-Fetch-Site": "same-origin", "Origin": origin},
    )
    assert answer.ok, answer.text()


def admin(browser: Browser, demo: Demo, scheme: Any, email: str = "mara") -> Person:
    who = person(browser, demo)
    who.page.emulate_media(color_scheme=scheme)
    who.sign_in_to_dashboard(f"{email}@harbor.example")
    return who


def faults(found: Found) -> Found:
    return {where: told for where, told in found.items() if told}


@ONE_DATABASE
@SCHEMES
def test_settings_of_consent_and_hidden_fields(browser: Browser, demo: Demo, scheme: Any) -> None:
    mara, theo = admin(browser, demo, scheme), admin(browser, demo, scheme, "theo")
    path = f"/settings/{demo.application_id}"
    call(mara, "PATCH", f"/applications/{demo.application_id}", {"settings": SETTINGS})
    found: Found = {"theo": violations(opened(theo, path))}
    page = opened(mara, path)
    found["filled"] = violations(page)
    found["tried"] = tried(page, '{"iban": "GB82", "api_key": "k"}')
    expect(page.get_by_role("status").get_by_text("HiddenByUnderstudy").first).to_be_visible()
    found["held back"] = tried(page, "{")
    expect(page.get_by_text("Held back", exact=True)).to_be_visible()
    page.get_by_label("Each time, by whoever").check()
    page.get_by_role("button", name="Hide a field").click()
    page.get_by_label("Name of hidden field 5").fill("*")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Name the field")).to_be_visible()
    found["wrong"] = violations(page)
    assert faults(found) == {}


def tried(page: Page, sample: str) -> list[str]:
    page.get_by_label("Sample").fill(sample)
    page.get_by_role("button", name="What would be seen?").click()
    expect(page.get_by_text("Secrets and tokens:")).to_be_visible()
    return violations(page)


@ONE_DATABASE
@SCHEMES
def test_settings_of_e_mail(browser: Browser, demo: Demo, scheme: Any) -> None:
    mara = admin(browser, demo, scheme)
    found: Found = {}
    page = opened(mara, "/settings")
    page.get_by_role("button", name="Set a mail server").click()
    found["asked"] = in_dialog(page, "Mail server")
    call(mara, "PUT", "/mail-server", MAIL)
    page = opened(mara, "/settings")
    expect(page.get_by_text(MAIL["host"])).to_be_visible()  # type: ignore[arg-type]
    found["set"] = violations(page)
    page.get_by_role("button", name="Change", exact=True).click()
    found["changed"] = in_dialog(page, "Mail server")
    page = opened(mara, "/settings")
    page.get_by_role("button", name="Remove…").click()
    found["removed"] = in_dialog(page, "Send no e-mail any more?")
    webhook = {"application_id": demo.application_id, "url": "mailto:", "format": "email"}
    call(mara, "POST", "/webhooks", webhook)
    found["webhooks"] = violations(opened(mara, f"/settings/{demo.application_id}/webhooks"))
    mara.page.get_by_role("button", name="Add a webhook").first.click()
    found["added"] = in_dialog(mara.page, "Add a webhook")
    assert faults(found) == {}


def in_dialog(page: Page, name: str) -> list[str]:
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    return violations(page)


@ONE_DATABASE
@SCHEMES
def test_policies(browser: Browser, demo: Demo, scheme: Any) -> None:
    mara, theo = admin(browser, demo, scheme), admin(browser, demo, scheme, "theo")
    path = f"/settings/{demo.application_id}/policies"
    settings = {"policy_changes": SETTINGS["policy_changes"]}
    call(mara, "PATCH", f"/applications/{demo.application_id}", {"settings": settings})
    page = opened(mara, path)
    found: Found = {}
    text = page.get_by_label("Policies in Cedar")
    text.fill("permit (")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("These policies cannot hold")).to_be_visible()
    found["faults"] = violations(page)
    text.fill(POLICIES)
    found["permitted"] = simulated(page, page.get_by_text("Permitted", exact=True))
    text.fill(POLICIES.replace("permit", "forbid"))
    found["refused"] = simulated(page, page.get_by_text("Refused", exact=True))
    call(mara, "PUT", f"/applications/{demo.application_id}/policies", {"text": POLICIES})
    for who in (mara, theo):
        opened(who, path)
        expect(who.page.get_by_text("waits to be confirmed").first).to_be_visible()
        found[f"proposed {who is mara}"] = violations(who.page)
    found["cases"] = violations(opened(mara, "/cases"))
    found["changes"] = violations(opened(mara, "/changes"))
    assert faults(found) == {}


def simulated(page: Page, outcome: Locator) -> list[str]:
    page.get_by_label("Operator").fill("sam@harbor.example")
    page.get_by_label("id in the app").fill("bruno")
    page.get_by_role("button", name="What would be decided?").click()
    expect(outcome).to_be_visible()
    return violations(page)


@ONE_DATABASE
@SCHEMES
def test_the_page_that_shows_what_is_hidden(browser: Browser, demo: Demo, scheme: Any) -> None:
    mara, sam = admin(browser, demo, scheme), admin(browser, demo, scheme, "sam")
    settings = {"redaction": SETTINGS["redaction"]}
    call(mara, "PATCH", f"/applications/{demo.application_id}", {"settings": settings})
    tab = sam.work_as("Bruno", "Payout of March is missing")
    tab.emulate_media(color_scheme=scheme)
    found: Found = {}
    hidden_fields(tab).click()
    expect(tab.get_by_role("heading", name="Show a hidden field")).to_be_visible()
    found["asked"] = violations(tab)
    tab.get_by_label("Why do you have to see it?").fill("Bruno reads it out, ticket 4812")
    tab.get_by_role("button", name="Show it").click()
    hidden_fields(tab).click()
    expect(tab.get_by_role("listitem")).to_be_visible()
    found["shown"] = violations(tab)
    assert faults(found) == {}
