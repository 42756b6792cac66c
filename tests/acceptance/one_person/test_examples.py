"""The matrix on the two examples, as their READMEs start them, with pages and forms of their own.

Adapters differ in how they hear of a request, of whose page it comes from and of what was typed in
it; page.js is the same for all of them. So each happening comes once per framework, and each way
of sending that the examples have, on the app's own host, where adapters have something to judge.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.acceptance.one_person.conftest import NewDesk, desks
from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.example import RunningExample
from tests.acceptance.one_person.example_cells import (
    AT_ONCE,
    brief_desk,
    nothing_is_misplaced,
    nothing_is_written_without_script,
)
from tests.acceptance.one_person.example_kinds import django_shop, flask_crm
from tests.acceptance.one_person.happenings import EXPIRED, KEPT_IN_MEMORY, Happening
from tests.acceptance.one_person.site import Place


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
    """Begun before the other cells."""
    with brief_desk(example, browser) as desk:
        yield desk


@pytest.fixture
def new_desk(example: RunningExample, browser: Browser) -> Iterator[NewDesk]:
    """Makes desks, and closes them behind the test whatever becomes of it."""
    with desks(example, browser) as make:
        yield make


@pytest.mark.parametrize("happening", AT_ONCE, ids=str)
def test_nothing_is_stored_for_another(
    example: RunningExample, new_desk: NewDesk, happening: Happening
) -> None:
    nothing_is_misplaced(example, new_desk(Place.OWN_HOST, happening.name), happening)


def test_a_page_that_the_browser_kept_writes_nothing(
    example: RunningExample, new_desk: NewDesk, keeping_browser: Browser
) -> None:
    desk = new_desk(Place.OWN_HOST, KEPT_IN_MEMORY.name, keeping_browser)
    nothing_is_misplaced(example, desk, KEPT_IN_MEMORY)


def test_a_page_without_script_writes_nothing(
    example: RunningExample, new_desk: NewDesk, browser: Browser
) -> None:
    nothing_is_written_without_script(example, new_desk(Place.OWN_HOST, "no script"), browser)


def test_what_was_typed_until_the_time_was_up_is_given_back(
    example: RunningExample, brief: Desk
) -> None:
    """Last, as it waits for what is left of a minute."""
    nothing_is_misplaced(example, brief, EXPIRED)
