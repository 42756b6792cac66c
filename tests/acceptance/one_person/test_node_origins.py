"""Two users side by side through the guard for Node, each session on an origin of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.one_person.desk import AGENT, origin_of
from tests.acceptance.one_person.example import EMAILS, NAMES, RunningExample
from tests.acceptance.one_person.node_kinds import on_session_origins
from understudy.sdk.cookies import OVERLAY

USERS = {"ada": "ada", "bob": "grace"}
"""Whom the app knows them as."""


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[RunningExample]:
    with on_session_origins(tmp_path_factory.mktemp("origins"), browser) as made:
        yield made


def shows(page: Page, user: str) -> None:
    expect(page.locator(RunningExample.who)).to_contain_text(NAMES[user])


def write(page: Page, text: str) -> None:
    page.goto(origin_of(page) + "/notes/new")
    # The matrix puts more forms beside the app's own.
    form = page.locator('form[id="click"]')
    form.get_by_label("text").fill(text)
    form.get_by_role("button", name="Save").click()


def test_two_users_stand_side_by_side_and_the_agent_beside_them(
    example: RunningExample, browser: Browser
) -> None:
    context = example.begun(browser)
    tabs: dict[str, Page] = {}
    for user in USERS:
        tabs[user] = context.new_page()
        tabs[user].goto(example.service.launch_url(EMAILS[user], 30))
        shows(tabs[user], user)
    assert len({example.own_origin, *map(origin_of, tabs.values())}) == 3
    for user, page in tabs.items():
        write(page, f"for {user}")
        expect(page.get_by_text(f"for {user}", exact=True)).to_be_visible()
        shows(page, user)
        expect(page.locator("understudy-banner")).to_contain_text(NAMES[user])
    assert example.stored.rows() == [(own_id, f"for {user}") for user, own_id in USERS.items()]

    own = context.new_page()
    own.goto(example.own_origin)
    shows(own, AGENT)
    expect(own.locator("understudy-banner")).to_have_count(0)
    assert OVERLAY not in {one["name"] for one in context.cookies(example.own_origin)}

    own.goto(tabs["ada"].url)
    own.locator("understudy-banner").get_by_role("button", name="End session").click()
    expect(tabs["ada"].get_by_text("This session has ended", exact=True)).to_be_visible()
    write(tabs["bob"], "more for bob")
    expect(tabs["bob"].get_by_text("more for bob")).to_be_visible()
    assert ("grace", "more for bob") in example.stored.rows()
    context.close()


def test_a_start_in_the_apps_own_list_leads_to_an_origin_of_its_own(
    example: RunningExample, browser: Browser
) -> None:
    context = example.begun(browser)
    page = context.new_page()
    page.goto(example.own_origin + example.kind.people)
    card = page.get_by_role("article").filter(has_text=NAMES["ada"])
    card.get_by_label("Why?").fill("Ticket 4711: a note is missing")
    card.get_by_role("button").click()
    shows(page, "ada")
    assert origin_of(page) != example.own_origin
    page.locator("understudy-banner").get_by_role("button", name="End session").click()
    page.goto(example.own_origin)
    shows(page, AGENT)
    context.close()
