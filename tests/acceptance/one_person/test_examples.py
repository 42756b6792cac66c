"""The matrix on the two examples, as their READMEs start them, with pages and forms of their own.

Adapters differ in how they hear of a request, of whose page it comes from and of what was typed in
it; page.js is the same for all of them. So each happening comes once per framework, and each way
of sending that the examples have, on the app's own host, where adapters have something to judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.one_person.conftest import NewDesk
from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.example import CALLS, EMAILS, NAMES, RunningExample
from tests.acceptance.one_person.example_kinds import django_shop, flask_crm
from tests.acceptance.one_person.happenings import EXPIRED, HAPPENINGS, KEPT_IN_MEMORY, Happening
from tests.acceptance.one_person.site import Place
from tests.acceptance.one_person.stored import text_for
from tests.acceptance.one_person.tabs import FORMS
from tests.integration.abuse.servers import eventually

MARKABLE = {*CALLS, *(way.carriers[0] for way in FORMS)}
STORED = {"nothing": ("ada", MARKABLE), "restored": ("bob", MARKABLE)}
"""In whose account something arrives, and by which ways; nothing arrives by any other, for anybody.
"""
LOADED_ANEW = {"nothing", "restored", "Back", "history.go", "reload"}
"""Where nothing of what was typed before is left to be given back."""
_HOLDS = "text => [...document.querySelectorAll('input, textarea')].some(one => one.value === text)"


@pytest.fixture(scope="module", params=["django_shop", "flask_crm"])
def example(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[RunningExample]:
    """Each of them, once."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "flask_crm":
        running = flask_crm(folder, browser)
    else:
        running = django_shop(folder, browser, request.getfixturevalue("postgres_server"))
    with running as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def brief(example: RunningExample, browser: Browser) -> Iterator[Desk]:
    """A desk whose session is over while the others work: the service's clock is the real one."""
    desk = Desk(example, example.begun(browser), Place.OWN_HOST, "expired")
    example.minutes = 1
    desk.type_for("ada")
    example.minutes = 30
    yield desk
    desk.close()


@pytest.fixture
def new_desk(example: RunningExample, browser: Browser) -> Iterator[NewDesk]:
    """Makes desks, and closes them behind the test whatever becomes of it."""
    made: list[Desk] = []

    def make(place: Place, cell: str, other: Browser | None = None) -> Desk:
        made.append(Desk(example, example.begun(other or browser), place, cell))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


def judge(example: RunningExample, desk: Desk, happening: Happening) -> None:
    """Everybody has what was typed for them or it was given back, and the log tells who sent it."""
    user, ways = STORED.get(happening.name, ("ada", set()))
    eventually(lambda: desk.ways(user) >= ways)
    assert desk.misplaced() == []
    assert {who: desk.ways(who) for who in NAMES} == {**{who: set() for who in NAMES}, user: ways}
    for who, session_id in desk.sessions.items():
        logged(example, session_id, who, len(ways) if who == user else 0)
    if happening.name not in LOADED_ANEW:
        given_back(desk.tabs[0].page, f"{text_for(happening.typed_for, desk.cell)} by click")


def logged(example: RunningExample, session_id: str, who: str, times: int) -> None:
    """The first session of a desk was started by Kim in the app, the second from the dashboard."""
    actor = example.kind.agent if who == "ada" else example.kind.operator
    eventually(lambda: len(example.changes(session_id)) >= times)
    assert example.changes(session_id) == [(actor, EMAILS[who], HTTPStatus.FOUND)] * times


def given_back(page: Page, text: str) -> None:
    """It stands where it was typed, or on the page that says that nothing was done."""
    page.wait_for_function(_HOLDS, arg=text)


@pytest.mark.parametrize("happening", [one for one in HAPPENINGS if one is not EXPIRED], ids=str)
def test_nothing_is_stored_for_another(
    example: RunningExample, new_desk: NewDesk, happening: Happening
) -> None:
    desk = new_desk(Place.OWN_HOST, happening.name)
    own = example.own(desk.context)
    desk.type_for(happening.typed_for)
    happening.happen(desk)
    desk.send()
    judge(example, desk, happening)
    assert example.own(desk.context) == own


def test_a_page_that_the_browser_kept_writes_nothing(
    example: RunningExample, new_desk: NewDesk, keeping_browser: Browser
) -> None:
    desk = new_desk(Place.OWN_HOST, KEPT_IN_MEMORY.name, keeping_browser)
    desk.type_for(KEPT_IN_MEMORY.typed_for)
    KEPT_IN_MEMORY.happen(desk)
    desk.send()
    judge(example, desk, KEPT_IN_MEMORY)


def test_a_page_without_script_writes_nothing(
    example: RunningExample, new_desk: NewDesk, browser: Browser
) -> None:
    desk = new_desk(Place.OWN_HOST, "no script")
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


def test_what_was_typed_until_the_time_was_up_is_given_back(
    example: RunningExample, brief: Desk
) -> None:
    """Last, as it waits for what is left of a minute."""
    own = example.own(brief.context)
    EXPIRED.happen(brief)
    brief.send()
    judge(example, brief, EXPIRED)
    assert example.own(brief.context) == own
