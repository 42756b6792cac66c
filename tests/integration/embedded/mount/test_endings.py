"""Whatever ends a session, in an app of two processes that are really two, over each database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.integration.contrib.wsgi.conftest import PATIENCE_SECONDS, Browser
from tests.integration.contrib.wsgi.servers import Program, gunicorn, serving
from tests.integration.embedded.mount.people import DATABASE, FOLDER, TOLD
from tests.integration.embedded.mount.visitor import Visitor
from understudy.embedded.plan import APPLICATION_ID

SITE = "tests.integration.embedded.mount.changing_site"
WORKERS = 2
SERVERS = {
    "gunicorn": gunicorn(
        "gthread", "--threads", "4", "--preload", app=f"{SITE}:wsgi", workers=WORKERS
    ),
    "uvicorn": Program(
        options=("-m", "uvicorn", "--workers", "2", "--port", "{port}", f"{SITE}:asgi"),
        listens="Application startup complete",
        workers=WORKERS,
    ),
}
PEOPLE: Mapping[str, Any] = {
    "hours_ahead": 0,
    "staff": {"kim": ["support_manager"], "ann": ["admin", "support_manager"]},
    "users": {"ada": {}},
}
BOUND_SECONDS = 1.0
"""How late a page may still come of what somebody knows to be over; what it takes is printed."""
LATE_SECONDS = 2.0
"""The sweep comes each second, and what the app calls for is gathered for a moment first."""
AS_ADA = b"Hello ada"
IN_DOUBT = 503


@dataclass(frozen=True, kw_only=True)
class House:
    """The app on its server."""

    name: str
    port: int
    folder: Path

    def tell(self, **changes: Any) -> None:
        """Have the app know of its people as they are by default, but for ``changes``."""
        new = self.folder / "new"
        new.write_text(json.dumps({**PEOPLE, **changes}))
        new.replace(self.folder / TOLD)


@dataclass(frozen=True, kw_only=True)
class World:
    """A session in the browser of ``kim``, who is at the dashboard of the same app in ``desk``."""

    house: House
    kim: Visitor
    desk: Visitor
    ann: Visitor
    """An admin at the dashboard."""
    processes: Mapping[str, Browser]
    """A connection to each."""

    def last_page(self, began: float) -> float:
        """When the last page of the session came from any process, in seconds after ``began``."""
        last, over = began, set[str]()
        while len(over) < len(self.processes):
            for process, browser in self.processes.items():
                reply = self.kim.ask("/", by=browser)
                if AS_ADA in reply.body:
                    last = time.monotonic()
                elif reply.status != IN_DOUBT:
                    over.add(process)
            assert time.monotonic() - began < PATIENCE_SECONDS
        return last - began


@pytest.fixture(scope="module", params=["gunicorn, sqlite", "uvicorn, postgresql"])
def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
) -> Iterator[House]:
    server, database = request.param.split(", ")
    folder = tmp_path_factory.mktemp("embedded")
    with ExitStack() as stack:
        on_postgresql = database == "postgresql"
        url = stack.enter_context(postgres_server.database()) if on_postgresql else ""
        variables = {FOLDER: str(folder), DATABASE: url}
        port = stack.enter_context(serving(SERVERS[server], variables))
        yield House(name=request.param, port=port, folder=folder)


@pytest.fixture
def world(house: House) -> Iterator[World]:
    """Everybody is there again, and every process serves the session."""
    house.tell()
    kim, ann = Visitor(port=house.port, staff="kim"), Visitor(port=house.port, staff="ann")
    for visitor in (kim, ann):
        visitor.ask("/understudy/")
    desk = Visitor(port=house.port, staff="kim", cookies=dict(kim.cookies))
    kim.become("ada")
    with ExitStack() as stack:
        processes: dict[str, Browser] = {}
        until = time.monotonic() + PATIENCE_SECONDS
        while len(processes) < WORKERS:
            browser = stack.enter_context(closing(Browser(house.port)))
            reply = kim.ask("/", by=browser)
            if AS_ADA in reply.body:
                processes.setdefault(reply.process, browser)
            elif reply.status != IN_DOUBT:
                # What the test before has set going may end this one, too: nothing is lost by it.
                processes.clear()
                kim.become("ada")
            assert time.monotonic() < until, reply
        yield World(house=house, kim=kim, desk=desk, ann=ann, processes=processes)


def left(world: World) -> None:
    """A staff member has left, and the app says so."""
    world.house.tell(staff={"ann": ["admin"]})
    world.ann.ask("/left")


def demoted(world: World) -> None:
    """The app knows of fewer roles, as the dashboard hears with the next call."""
    world.house.tell(staff={"kim": ["auditor"]})
    assert world.desk.ask("/understudy/api/v1/me").status == 401


def disabled(world: World) -> None:
    """The app's own table says so, and somebody looks."""
    world.house.tell(users={"ada": {"disabled": True}})
    _looked_at(world)


def protected(world: World) -> None:
    """The same."""
    world.house.tell(users={"ada": {"protected": True}})
    _looked_at(world)


def removed(world: World) -> None:
    """The app's own table has her no more."""
    world.house.tell(users={})
    _looked_at(world)


def _looked_at(world: World) -> None:
    path = f"/understudy/api/v1/subjects/ada?application_id={APPLICATION_ID}"
    assert world.ann.ask(path).status in (200, 404)


def switched_off(world: World) -> None:
    """There is no impersonation in the application any more."""
    _allow(world, False)


def _allow(world: World, allowed: bool) -> None:
    settings = {"settings": {"impersonation_allowed": allowed}}
    world.ann.call("PATCH", f"/applications/{APPLICATION_ID}", settings)


def revoked(world: World) -> None:
    """An admin ends it from the dashboard."""
    found = world.ann.call("GET", "/sessions")["items"]
    (live,) = (one["id"] for one in found if one["ended_at"] is None)
    world.ann.call("POST", f"/sessions/{live}/revoke", {})


def ended(world: World) -> None:
    """Kim presses the button of the banner, in a browser that gives back what it should forget."""
    held = dict(world.kim.cookies)
    world.kim.ask("/_understudy/end", method="POST")
    world.kim.cookies.update(held)


def time_over(world: World) -> None:
    """Nobody does anything, and the hour has passed."""
    world.house.tell(hours_ahead=2)


ENDINGS: list[Callable[[World], None]] = [
    demoted,
    disabled,
    protected,
    removed,
    revoked,
    ended,
    switched_off,
    # Behind all that want a session to go on until then: it is tried until the service has said
    # that it knows, and so may end what began in between as well.
    left,
    # Last: nobody's clock goes back.
    time_over,
]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
def test_no_process_serves_a_session_that_is_over(
    world: World, ending: Callable[[World], None], capsys: pytest.CaptureFixture[str]
) -> None:
    ending(world)
    late = world.last_page(time.monotonic())
    with capsys.disabled():
        name = f"{world.house.name}, {ending.__name__}"
        print(f"\n{name}: last page {late * 1000:.0f} ms after it was known")
    assert late < (LATE_SECONDS if ending in (left, time_over) else BOUND_SECONDS)
    if ending is switched_off:
        _allow(world, True)
