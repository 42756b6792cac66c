"""The hand-offs of code that was written for Stytch or Clerk, in a real browser: a token travels in
an address, and what is left of it is a banner.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from clerk_backend_api import Clerk
from clerk_backend_api.models import CreateActorTokenActor, CreateActorTokenRequestBody
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.conftest import Demo
from tests.acceptance.people import Person, person

HEARD_SECONDS = 2.0
REASON = "Ada writes that she cannot find the reports tab"
ACTOR = {"sub": "user_sam", "reason": REASON, "ticket": "SUP-481"}
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clerk(demo: Demo) -> Iterator[Clerk]:
    """The official SDK as the application's backend uses it; its URL alone leads here."""
    secret = json.loads((demo.data_dir / "demo.json").read_text())["secret"]
    with Clerk(bearer_auth=secret, server_url=f"{demo.dashboard_url}/clerk/v1") as sdk:
        yield sdk


@ONE_DATABASE
def test_a_launch_with_a_token_in_the_address_lands_at_a_clean_one(
    browser: Browser, demo: Demo
) -> None:
    sam, mara = person(browser, demo), person(browser, demo)
    _choose_stytchs_hand_off(mara)
    sam.sign_in_to_dashboard("sam@harbor.example")
    visited: list[str] = []
    sam.context.on("request", lambda request: visited.append(request.url))
    sam.ask_for("Ada Lovelace")
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(REASON)
    dialog.get_by_role("button", name="Impersonate").click()
    tab = sam.launch()
    _is_adas_view(demo, tab, actor="Sam Rivers")
    # It did travel in the address, and is nowhere any more.
    (handed,) = (url for url in visited if "stytch_token_type=multi_tenant_impersonation" in url)
    assert handed.startswith(f"{demo.app_url}/_understudy/callback?")
    _leaves_nothing_behind(tab, handed.rpartition("token=")[2])
    again = sam.context.new_page()
    _starts_nothing(again, handed)
    tab.reload()
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    tab.get_by_role("button", name="End session").click()
    expect(tab.get_by_text("Viewing as")).to_have_count(0)
    assert sam.complaints + mara.complaints == []


@ONE_DATABASE
def test_the_link_of_an_actor_token_asks_first_and_then_leads_into_the_app(
    browser: Browser, demo: Demo, clerk: Clerk
) -> None:
    actor = CreateActorTokenActor.model_validate(ACTOR)
    asked = CreateActorTokenRequestBody(user_id="ada", actor=actor)
    made = clerk.actor_tokens.create(request=asked)
    assert made.url
    sam = person(browser, demo)
    for _ in range(2):  # looking at it, or having it looked at by a mail filter, uses nothing up
        sam.page.goto(made.url)
        expect(sam.page.get_by_text("Ada Lovelace").first).to_be_visible()
        expect(sam.page.get_by_text("user_sam").first).to_be_visible()
        expect(sam.page.get_by_text(REASON).first).to_be_visible()
        assert _overlay(sam) == []
    sam.page.get_by_role("button", name="Go on as Ada Lovelace").click()
    sam.page.wait_for_url(f"{demo.app_url}/")
    _is_adas_view(demo, sam.page, actor="user_sam")
    _leaves_nothing_behind(sam.page, str(made.token))
    held = _overlay(sam)
    sam.page.go_back()
    again = sam.page.goto(made.url)
    assert again is not None
    assert again.status == 410
    expect(sam.page.get_by_role("button")).to_have_count(0)
    handed = f"{demo.app_url}/_understudy/callback?__clerk_status=sign_in&__clerk_ticket="
    _starts_nothing(sam.page, handed + str(made.token))
    assert _overlay(sam) == held
    (session,) = clerk.sessions.list(user_id="ada")
    assert session.status == "active"
    assert clerk.sessions.revoke(session_id=session.id).status == "revoked"
    began = time.monotonic()
    over = sam.page.get_by_role("heading", name="This session is over")
    sam.page.goto(demo.app_url + "/")
    # The app hears of it moments after the caller has its answer, and no page is served later.
    while not over.is_visible() and time.monotonic() - began < HEARD_SECONDS:
        sam.page.goto(demo.app_url + "/")
    expect(over).to_be_visible()
    assert sam.complaints == []


def _choose_stytchs_hand_off(mara: Person) -> None:
    mara.sign_in_to_dashboard("mara@harbor.example")
    mara.page.goto(f"{mara.demo.dashboard_url}/settings/{mara.demo.application_id}")
    expect(mara.page.get_by_label("A code that fits one browser")).to_be_checked()
    mara.page.get_by_label("A token in the address, as Stytch does it").check()
    expect(mara.page.get_by_text("Whoever gets hold of this address first")).to_be_visible()
    mara.page.get_by_role("button", name="Save", exact=True).click()
    expect(mara.page.get_by_text("Settings saved.")).to_be_visible()


def _is_adas_view(demo: Demo, tab: Page, *, actor: str) -> None:
    expect(tab.get_by_text("Viewing as")).to_be_visible()
    expect(tab.get_by_role("heading", name="Good morning, Ada")).to_be_visible()
    expect(tab.get_by_role("link", name="Reports")).to_have_count(0)
    expect(tab.locator("understudy-banner")).to_have_attribute("data-actor", actor)
    expect(tab.get_by_text(f"You are {actor}")).to_be_visible()
    assert tab.url == f"{demo.app_url}/"


def _leaves_nothing_behind(tab: Page, token: str) -> None:
    assert len(token) > 40
    assert token not in str(tab.evaluate("performance.getEntries().map((one) => one.name)"))
    assert token not in tab.evaluate("document.referrer")
    assert token not in str(tab.evaluate("[document.cookie, JSON.stringify(localStorage)]"))
    assert token not in tab.content()


def _starts_nothing(page: Page, address: str) -> None:
    """Open an address whose token was used already."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 401
    expect(page.get_by_role("heading", name="The session did not start")).to_be_visible()
    assert address.rpartition("=")[2] not in page.content()


def _overlay(who: Person) -> list[str]:
    cookies = who.context.cookies(who.demo.app_url)
    return [one["value"] for one in cookies if one["name"] == "__Host-understudy"]
