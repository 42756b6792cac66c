"""The matrix on Express, Fastify and Hono, behind the guard for Node and its three adapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

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
from tests.acceptance.one_person.happenings import EXPIRED, KEPT_IN_MEMORY, Happening
from tests.acceptance.one_person.node_kinds import FRAMEWORKS, node_apps
from tests.acceptance.one_person.site import Place


@pytest.fixture(scope="module")
def apps(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Mapping[str, RunningExample]]:
    """All of them at once."""
    with node_apps(tmp_path_factory.mktemp("node_apps"), browser) as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def briefs(
    apps: Mapping[str, RunningExample], browser: Browser
) -> Iterator[Mapping[RunningExample, Desk]]:
    """Begun before the other cells of all apps, so that their minute is one and the same."""
    with ExitStack() as opened:
        yield {one: opened.enter_context(brief_desk(one, browser)) for one in apps.values()}


@pytest.fixture(params=FRAMEWORKS)
def example(request: pytest.FixtureRequest, apps: Mapping[str, RunningExample]) -> RunningExample:
    """Each of them, for every test."""
    return apps[request.param]


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
    example: RunningExample, briefs: Mapping[RunningExample, Desk]
) -> None:
    """Last, as it waits for what is left of a minute."""
    nothing_is_misplaced(example, briefs[example], EXPIRED)
