"""A service, an app on a server that speaks WSGI, and browsers that ask it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.contract.rules.world import World, named, world
from tests.fixtures.asgi_server import served
from tests.integration.contrib.wsgi.servers import SERVERS, Program, serving
from understudy.config import Settings
from understudy.core.ids import ActorRef
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database

PATIENCE_SECONDS = 20.0
DOCUMENT = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


@dataclass(frozen=True)
class Session:
    """A live session, as a browser has it and as its end is called for."""

    headers: dict[str, str]
    opened: Any


@dataclass
class Service:
    """A service with people in it, and the variables by which an app finds it."""

    made: World
    variables: dict[str, str]
    numbers: Iterator[int]

    def open(self) -> Session:
        """A session of one more person of the staff."""
        number = next(self.numbers)
        actor = named(f"staff-{number}", ref=ActorRef(f"act_{number}"))
        opened = self.made.session(actor=actor)
        cookie = f"__Host-understudy={opened.session_token}"
        headers = {"Cookie": cookie, "Understudy-Page": opened.session.id}
        return Session(headers, opened)

    def end(self, session: Session) -> None:
        """Somebody at the dashboard ends it."""
        self.made.end(session.opened)


class Answer:
    """One answer: whole, or as it comes in."""

    def __init__(self, response: HTTPResponse) -> None:
        self.response = response
        self.status = response.status
        self.process = response.headers["X-Process"]

    def header(self, name: str) -> str | None:
        return self.response.headers.get(name)

    def read(self) -> bytes:
        return self.response.read()

    def json(self) -> Any:
        return json.loads(self.read())


class Browser:
    """Requests over one connection, which is made anew only where the server has closed it."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        self.connection.close()

    def ask(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        body: bytes | None = None,
    ) -> Answer:
        self.connection.request(method, path, body=body, headers=headers or {})
        return Answer(self.connection.getresponse())


@dataclass(frozen=True)
class Site:
    """The app on one server."""

    program: Program
    port: int

    def browser(self) -> closing[Browser]:
        return closing(Browser(self.port))

    def workers(self, ready: Any = lambda state: True) -> dict[str, Any]:
        """What each process says of itself, once all of them are ``ready``."""
        found: dict[str, Any] = {}
        until = time.monotonic() + PATIENCE_SECONDS
        while len(found) < self.program.workers:
            assert time.monotonic() < until, found
            with self.browser() as browser:
                answer = browser.ask("/state")
                state = answer.json()
                if ready(state):
                    found[answer.process] = state
        return found

    def followed(self) -> None:
        """Every process hears the service's news."""
        self.workers(lambda state: state["hears"])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("service")
    database = f"sqlite:///{folder / 'understudy.db'}"
    with world(database, folder) as made:
        made.set_up_application()
        app = create_app(made.engine, open_database(database), Settings(rate_multiplier=0))
        with served(app) as port:
            variables = {
                "SERVICE": f"http://127.0.0.1:{port}",
                "APP_ID": made.application.id,
                "APP_SECRET": made.secret,
            }
            yield Service(made, variables, iter(range(1, 10_000)))


@pytest.fixture(scope="module", params=list(SERVERS))
def site(request: pytest.FixtureRequest, service: Service) -> Iterator[Site]:
    program = SERVERS[request.param]
    with serving(program, service.variables) as port:
        made = Site(program, port)
        # A process that does not follow yet would ask, and hear of nothing by itself.
        made.followed()
        yield made
