"""The cells of the matrix on an app that runs in a process of its own, and what is true in each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.one_person.conftest import NewDesk, desks
from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.example import CALLS, EMAILS, NAMES, RunningExample
from tests.acceptance.one_person.happenings import EXPIRED, HAPPENINGS, KEPT_IN_MEMORY, Happening
from tests.acceptance.one_person.site import Place
from tests.acceptance.one_person.stored import text_for
from tests.acceptance.one_person.tabs import FORMS
from tests.integration.abuse.servers import eventually

AT_ONCE = tuple(one for one in HAPPENINGS if one is not EXPIRED)
"""What a test need not wait for."""
MARKABLE = {*CALLS, *(way.carriers[0] for way in FORMS)}
STORED = {"nothing": ("ada", MARKABLE), "restored": ("bob", MARKABLE)}
"""In whose account something arrives, and by which ways; nothing arrives by any other, for anybody.
"""
LOADED_ANEW = {"nothing", "restored", "Back", "history.go", "reload"}
"""Where nothing of what was typed before is left to be given back."""
_HOLDS = "text => [...document.querySelectorAll('input, textarea')].some(one => one.value === text)"


@contextmanager
def brief_desk(example: RunningExample, browser: Browser) -> Iterator[Desk]:
    """A desk whose session is over while the others work: the service's clock is the real one."""
    with desks(example, browser) as make:
        desk = make(Place.OWN_HOST, EXPIRED.name)
        example.minutes = 1
        desk.type_for(EXPIRED.typed_for)
        example.minutes = 30
        yield desk


class Matrix:
    """The cells. Whoever takes them up says which ``example`` it is, and has the ``brief`` desk."""

    @pytest.fixture
    def new_desk(self, example: RunningExample, browser: Browser) -> Iterator[NewDesk]:
        """Makes desks, and closes them behind the test whatever becomes of it."""
        with desks(example, browser) as make:
            yield make

    @pytest.mark.parametrize("happening", AT_ONCE, ids=str)
    def test_nothing_is_stored_for_another(
        self, example: RunningExample, new_desk: NewDesk, happening: Happening
    ) -> None:
        _nothing_is_misplaced(example, new_desk(Place.OWN_HOST, happening.name), happening)

    def test_a_page_that_the_browser_kept_writes_nothing(
        self, example: RunningExample, new_desk: NewDesk, keeping_browser: Browser
    ) -> None:
        desk = new_desk(Place.OWN_HOST, KEPT_IN_MEMORY.name, keeping_browser)
        _nothing_is_misplaced(example, desk, KEPT_IN_MEMORY)

    def test_a_page_without_script_writes_nothing(
        self, example: RunningExample, new_desk: NewDesk, browser: Browser
    ) -> None:
        _nothing_is_written_without_script(example, new_desk(Place.OWN_HOST, "no script"), browser)

    def test_what_was_typed_until_the_time_was_up_is_given_back(
        self, example: RunningExample, brief: Desk
    ) -> None:
        """Last, as it waits for what is left of a minute."""
        _nothing_is_misplaced(example, brief, EXPIRED)


def _nothing_is_misplaced(example: RunningExample, desk: Desk, happening: Happening) -> None:
    """Type unless that is done, let it happen and send; the agent's own sign-in stays as it was."""
    own = example.own(desk.context)
    if not desk.tabs:
        desk.type_for(happening.typed_for)
    happening.happen(desk)
    desk.send()
    _judge(example, desk, happening)
    assert example.own(desk.context) == own


def _nothing_is_written_without_script(
    example: RunningExample, desk: Desk, browser: Browser
) -> None:
    """No page without script can say whose it is: what it sends is given back."""
    desk.launch("ada")
    text = f"{text_for('ada', desk.cell)} by no script"
    context = browser.new_context(
        storage_state=desk.context.storage_state(), java_script_enabled=False
    )
    page = context.new_page()
    page.goto(example.own_origin + example.kind.form)
    field = page.locator(f"input[name={example.kind.field}]")
    field.fill(text)
    field.press("Enter")
    expect(page.get_by_label(example.kind.field)).to_have_value(text)
    context.close()
    assert desk.ways("ada") == set()


def _judge(example: RunningExample, desk: Desk, happening: Happening) -> None:
    """Everybody has what was typed for them or it was given back, and the log tells who sent it."""
    user, ways = STORED.get(happening.name, ("ada", set()))
    eventually(lambda: desk.ways(user) >= ways)
    assert desk.misplaced() == []
    assert {who: desk.ways(who) for who in NAMES} == {**{who: set() for who in NAMES}, user: ways}
    for who, session_id in desk.sessions.items():
        _logged(example, session_id, who, len(ways) if who == user else 0)
    if happening.name not in LOADED_ANEW:
        _given_back(desk.tabs[0].page, f"{text_for(happening.typed_for, desk.cell)} by click")


def _logged(example: RunningExample, session_id: str, who: str, times: int) -> None:
    """The first session of a desk was started by Kim in the app, the second from the dashboard."""
    actor = example.kind.agent if who == "ada" else example.kind.operator
    eventually(lambda: len(example.changes(session_id)) >= times)
    assert example.changes(session_id) == [(actor, EMAILS[who], HTTPStatus.FOUND)] * times


def _given_back(page: Page, text: str) -> None:
    """It stands where it was typed, or on the page that says that nothing was done."""
    page.wait_for_function(_HOLDS, arg=text)
