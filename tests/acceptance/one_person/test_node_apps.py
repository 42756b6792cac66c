"""The matrix on Express, Fastify and Hono, behind the guard for Node and its three adapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.acceptance.one_person.desk import Desk
from tests.acceptance.one_person.example import RunningExample
from tests.acceptance.one_person.example_cells import Matrix, brief_desk
from tests.acceptance.one_person.node_kinds import FRAMEWORKS, node_apps


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
def brief(briefs: Mapping[RunningExample, Desk], example: RunningExample) -> Desk:
    """The one of this app."""
    return briefs[example]


class TestNodeApps(Matrix):
    """Each framework."""
