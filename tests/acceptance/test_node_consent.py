"""A user's own pages in an app on Node: agreeing, answering, looking, ending, complaining."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.test_axe import violations
from tests.fixtures.served import running
from tests.integration.node.desk import REASON, NodeApp, hire, node_app
from tests.integration.node.exchanges import told_over

ASKED: dict[str, Any] = {"subject_id": "ada", "reason": REASON, "actor": {"id": "lee"}}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeApp]:
    """The app on Express, and a service of its own."""
    folder = tmp_path_factory.mktemp("consent")
    with running(folder) as service:
        hire(folder)
        with node_app(folder, service.base, "express.mjs", "express") as found:
            yield found


@pytest.fixture
def ada(browser: Browser, app: NodeApp) -> Iterator[Page]:
    """Ada's browser, signed in to the app."""
    with signed_in(browser, app, "ada") as page:
        yield page


@pytest.fixture
def grace(browser: Browser, app: NodeApp) -> Iterator[Page]:
    """Grace's, of whom nobody has asked anything yet."""
    with signed_in(browser, app, "grace") as page:
        yield page


@contextmanager
def signed_in(browser: Browser, app: NodeApp, who: str) -> Iterator[Page]:
    context = browser.new_context()
    assert context.request.post(f"{app.origin}/login/{who}").ok
    yield context.new_page()
    context.close()


def asks_users(app: NodeApp, mode: str) -> None:
    app.visitor().change_settings(app.application_id, consent={"mode": mode})


def test_a_user_answers_by_a_tap_or_a_code_or_not_at_all(app: NodeApp, ada: Page) -> None:
    asks_users(app, "ask")
    asked = app.backend("POST", "/consent-requests", json=ASKED)
    ada.goto(f"{app.origin}/_understudy/consent")
    expect(ada.get_by_text(REASON)).to_be_visible()
    # Not by its text alone: minutes stand on the page as well.
    expect(ada.locator("b", has_text=re.compile(rf"^{asked['digits']}$"))).to_be_visible()
    assert violations(ada) == []
    ada.get_by_role("button", name="Show a code to read out").click()
    expect(ada.get_by_text(re.compile(r"HELP \d{4} \d{4}"))).to_be_visible()
    assert violations(ada) == []
    ada.get_by_role("link", name="Back", exact=True).click()
    ada.get_by_role("button", name="Do not allow").click()
    expect(ada.get_by_text("Nobody asks at the moment")).to_be_visible()
    app.backend("POST", "/consent-requests", json=ASKED)
    ada.reload()
    ada.get_by_role("button", name="Allow", exact=True).click()
    expect(ada.get_by_text("You allowed somebody to look and change things")).to_be_visible()
    assert app.backend("POST", "/impersonations", json=ASKED)["impersonation_token"]


def test_a_user_agrees_for_a_time_and_takes_it_back(app: NodeApp, grace: Page) -> None:
    asks_users(app, "standing")
    grace.goto(f"{app.origin}/_understudy/consent")
    grace.get_by_role("button", name=re.compile(r"Agree for \d+ days")).click()
    expect(grace.get_by_text("You agreed that support may")).to_be_visible()
    assert violations(grace) == []
    sam = app.impersonating("grace")
    grace.get_by_role("button", name="Take it back").click()
    expect(grace.get_by_role("button", name=re.compile("Agree for"))).to_be_visible()
    assert told_over(sam, "Grace").json()["cause"] == "consent_withdrawn"


def test_a_user_sees_who_was_there_ends_it_and_complains(app: NodeApp, ada: Page) -> None:
    asks_users(app, "off")
    sam = app.impersonating()
    ada.goto(f"{app.origin}/_understudy/access-history")
    expect(ada.get_by_text(re.compile(r"Sam, .* UTC, now"))).to_be_visible()
    assert violations(ada) == []
    ada.get_by_role("button", name="End it now").click()
    expect(ada.get_by_role("button", name="End it now")).to_have_count(0)
    assert told_over(sam).json()["code"] == "session_over"
    ada.get_by_role("button", name="This was not agreed").first.click()
    expect(ada.get_by_role("heading", name="Who accessed my account")).to_be_visible()
    # Whoever it was starts nothing more.
    with pytest.raises(AssertionError, match="actor_frozen"):
        app.visitor().launched(app.application_id, "ada", reason=REASON)
