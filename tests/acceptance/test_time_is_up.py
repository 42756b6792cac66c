"""What stands typed in a page when its session's time is over, in the examples for JavaScript.

They wait for the same minute, the shortest that a session lasts: the services' clocks are real.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.acceptance import test_express_clerk as clerk
from tests.acceptance import test_react_examples as react
from tests.acceptance.conftest import Example, running_example
from tests.acceptance.one_person.example_service import Service
from tests.acceptance.people import sign_in
from tests.integration.abuse.servers import eventually

REACT = ("fastapi_react", "express_react")
OPERATOR = "you@paperclip.example"
CLERK = "express_clerk"
OVER_SECONDS = 75
TYPED = "half a thought"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """An example in which Kim works as Ada for a minute, with something typed and not sent."""

    example: Example
    context: BrowserContext
    page: Page


@pytest.fixture(scope="module")
def typed(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Mapping[str, Typed]]:
    """All of them, by their names: the minutes run side by side."""
    with ExitStack() as opened:

        def begun(name: str, type_in: Callable[[Page, Example], None]) -> Typed:
            data, alone = tmp_path_factory.mktemp(name) / "data", name == react.EMBEDDED
            example = opened.enter_context(running_example(name, data, alone=alone))
            context = browser.new_context()
            opened.callback(context.close)
            page = context.new_page()
            type_in(page, example)
            return Typed(example=example, context=context, page=page)

        made = {name: begun(name, _into_expense) for name in REACT}
        yield {**made, CLERK: begun(CLERK, _into_memo)}


def _into_expense(page: Page, example: Example) -> None:
    react.signed_in(page, example.url)
    page.route("**/_understudy/start", _for_a_minute)
    react.impersonate_ada(page)
    page.get_by_label("What for?").fill(TYPED)
    page.get_by_label("Euros").fill("1")


def _for_a_minute(route: Route) -> None:
    asked = json.loads(route.request.post_data or "")
    route.continue_(post_data=json.dumps({**asked, "minutes": 1}))


def _into_memo(page: Page, example: Example) -> None:
    with closing(Service(example, OPERATOR)) as service:
        service.limit_sessions(minutes=1)
    clerk.signed_in(page, example.url)
    clerk.impersonate_ada(page)
    page.get_by_label("New memo").fill(TYPED)


@pytest.mark.parametrize("name", REACT)
def test_react_keeps_it_and_sends_it_nowhere(
    browser: Browser, typed: Mapping[str, Typed], name: str
) -> None:
    at = typed[name]
    over = at.page.get_by_text("This session has ended", exact=True)
    expect(over).to_be_visible(timeout=OVER_SECONDS * 1000)
    at.page.get_by_label("What for?").press("Enter")
    expect(at.page.get_by_label("What for?")).to_have_value(TYPED)
    at.page.goto(at.example.url)
    at.page.get_by_role("link", name="Continue as yourself").click()
    expect(at.page.get_by_role("heading", name="Users")).to_be_visible()
    _ada_has_nothing(browser, at.example.url, "tally", "Brass, 3 kg")


def test_clerk_app_gives_it_back(browser: Browser, typed: Mapping[str, Typed]) -> None:
    at = typed[CLERK]
    eventually(lambda: not _works_as_ada(at), seconds=OVER_SECONDS)
    at.page.get_by_role("button", name="Save").click()
    expect(at.page.get_by_role("heading", name="Not saved")).to_be_visible()
    expect(at.page.get_by_label("What you had typed")).to_have_value(TYPED)
    at.page.get_by_role("link", name="Go on").click()
    expect(at.page.get_by_role("heading", name="Customers")).to_be_visible()
    _ada_has_nothing(browser, f"{at.example.url}/login", "paperclip", "Order brass")


def _works_as_ada(at: Typed) -> bool:
    return "works as Ada" in at.context.request.get(at.example.url).text()


def _ada_has_nothing(browser: Browser, entrance: str, password: str, own: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(entrance)
    sign_in(page, "ada@engines.example", password)
    expect(page.get_by_text(own)).to_be_visible()
    expect(page.get_by_text(TYPED)).to_have_count(0)
    context.close()
