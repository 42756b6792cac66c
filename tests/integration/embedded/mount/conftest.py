"""An app that has its own Understudy in it, on servers of several processes and one database."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.contract.rules.world import HERE
from tests.fixtures.postgresql import PostgresServer
from tests.integration.contrib.wsgi.conftest import Answer, Browser
from tests.integration.contrib.wsgi.servers import Program, serving
from tests.integration.embedded.mount.people import DATABASE, FOLDER, HOST, made
from tests.integration.embedded.mount.servers import SERVERS
from tests.integration.proof.place import Place
from understudy.core.applications.application import Application
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.embedded.link import installation_of
from understudy.embedded.plan import APPLICATION_ID
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.storage.data_directory import KEY_FILE

API = "/understudy/api/v1"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The app on one server."""

    name: str
    program: Program
    port: int
    place: Place

    def browser(self) -> closing[Browser]:
        """One connection; where connections go on, all of its requests reach one process."""
        return closing(Browser(self.port))

    def call(
        self, browser: Browser, method: str, path: str, body: object = None, **more: str
    ) -> Answer:
        """A call by the app's backend, as which anybody with its secret is taken."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**self.headers, "Content-Type": "application/json", **more}
        sent = content if body is not None else None
        return browser.ask(f"{API}{path}", headers, method=method, body=sent)

    @property
    def headers(self) -> dict[str, str]:
        """Of each call by the backend."""
        credentials = f"{self.place.application_id}:{self.place.secret}".encode()
        return {"Host": HOST, "Authorization": f"Basic {base64.b64encode(credentials).decode()}"}

    def started(self, browser: Browser) -> str:
        """A token, to be exchanged."""
        asked = {"subject_id": "ada", "reason": "Cannot find the reports tab"}
        answer = self.call(browser, "POST", "/impersonations", {**asked, "actor": {"id": "kim"}})
        told = answer.json()
        assert answer.status == 201, told
        token: str = told["impersonation_token"]
        return token

    def opened(self, browser: Browser) -> Mapping[str, Any]:
        """A session."""
        token = {"impersonation_token": self.started(browser)}
        answer = self.call(browser, "POST", "/impersonations/exchange", token)
        told: Mapping[str, Any] = answer.json()
        assert answer.status == 200, told
        return told


ON_SQLITE = [("sqlite", name) for name in SERVERS]
ON_POSTGRESQL = [("postgresql", name) for name in SERVERS]


@pytest.fixture(scope="module")
def places(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Callable[[str], Place]]:
    """What makes, once for each database, an installation whose application has a secret, which
    apps that embed it do without."""
    with ExitStack() as stack:

        @cache
        def place(kind: str) -> Place:
            folder: Path = tmp_path_factory.mktemp("embedded")
            if kind == "sqlite":
                return _made(folder, f"sqlite:///{folder / 'data' / 'understudy.db'}")
            return _made(folder, stack.enter_context(postgres_server.database()))

        yield place


@pytest.fixture(scope="module", params=ON_SQLITE, ids=", ".join)
def site(request: pytest.FixtureRequest, places: Callable[[str], Place]) -> Iterator[Site]:
    """One server after the other, over the same installation."""
    kind, name = request.param
    place, program = places(kind), SERVERS[name]
    with serving(program, variables(place)) as port:
        yield Site(name=f"{name} on {kind}", program=program, port=port, place=place)


def variables(place: Place) -> dict[str, str]:
    """Those by which a server finds the installation."""
    on_postgresql = place.database_url.startswith("postgresql:")
    return {
        FOLDER: str(place.data_dir),
        DATABASE: place.database_url if on_postgresql else "",
    }


def _made(folder: Path, database_url: str) -> Place:
    place = Place(
        database_url=database_url,
        folder=folder,
        key="",
        application_id=APPLICATION_ID,
        secret="",
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables(place).items():
            patch.setenv(name, value)
        with closing(installation_of(made())) as installation:
            secret = installation.engine().run(_settled)
    return replace(place, key=(place.data_dir / KEY_FILE).read_text().strip(), secret=secret)


def _settled(unit: Unit) -> str:
    rotated = administer.rotate_secret(
        unit, APPLICATION_ID, overlap=timedelta(), by=SYSTEM, origin=HERE
    )
    _save(unit, rotated.application)
    return rotated.secret


def _save(unit: Unit, application: Application) -> None:
    for key, name in (("ada", "Ada"), ("bob", "Bob")):
        facts = maintain.SubjectFacts(id=SubjectId(key), name=name)
        maintain.save_subject(unit, application, facts, by=SYSTEM, origin=HERE)
