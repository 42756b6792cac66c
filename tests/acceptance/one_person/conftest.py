"""One server and one browser for the whole matrix; each cell has a browser context of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.one_person.desk import Desk, House
from tests.acceptance.one_person.notebook import Notebook, open_notebook
from tests.acceptance.one_person.profile import Profile
from tests.acceptance.one_person.site import Place, Site


class NewDesk(Protocol):
    """Makes a desk; at another browser than the usual one, if there is one given."""

    def __call__(self, place: Place, cell: str, other: Browser | None = None) -> Desk: ...


@contextmanager
def desks(house: House, browser: Browser) -> Iterator[NewDesk]:
    """What makes desks in ``house``; all of them are closed with the block."""
    made: list[Desk] = []

    def make(place: Place, cell: str, other: Browser | None = None) -> Desk:
        made.append(Desk(house, house.begun(other or browser), place, cell))
        return made[-1]

    try:
        yield make
    finally:
        for desk in made:
            desk.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app, on a real server."""
    made = Site(tmp_path_factory.mktemp("one_person"))
    with made.running():
        yield made


@pytest.fixture(scope="module")
def keeping_browser(browser: Browser, chromium_path: Path) -> Iterator[Browser]:
    """A Chromium that keeps pages in memory for Back, which Playwright turns off elsewhere."""
    started = browser.browser_type.launch(
        executable_path=chromium_path,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield started
    started.close()


@pytest.fixture
def new_desk(site: Site, browser: Browser) -> Iterator[NewDesk]:
    """Makes desks, and closes them behind the test whatever becomes of it."""
    with desks(site, browser) as make:
        yield make


@pytest.fixture
def profile(browser: Browser, chromium_path: Path, tmp_path: Path) -> Iterator[Profile]:
    """A running Chromium that can be stopped, and then takes up its tabs again."""
    made = Profile(browser.browser_type, chromium_path, tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.kill()


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    """The app."""
    with open_notebook() as opened:
        yield opened


@pytest.fixture
def tab(browser: Browser, notebook: Notebook) -> Iterator[Page]:
    """A tab of a browser of its own."""
    context = browser.new_context(base_url=notebook.address)
    page = context.new_page()
    page.set_default_timeout(5_000)
    yield page
    context.close()
