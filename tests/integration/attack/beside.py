"""The service of an example that runs by itself, with its app's people and a clock that moves."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.fixtures.asgi_server import served
from tests.fixtures.node import node
from tests.fixtures.ports import free_port
from tests.integration.embedded.clock import Clock
from understudy.config import Settings
from understudy.core.applications.application import NEW_SETTINGS, Vertical
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.sdk.office import Office
from understudy.sdk.remote import RemoteGateway
from understudy.sdk.secret import Secret
from understudy.service.app import create_app
from understudy.service.opening import open_to_serve

ROOT = Path(__file__).parents[3]
USERS = ("ada", "grace")
PATIENCE_SECONDS = 20.0


class Beside(NamedTuple):
    """Where the service is, and as whom the app signs in there."""

    port: int
    application_id: str
    secret: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def backend(self) -> httpx.Client:
        """The app's own back end."""
        return httpx.Client(base_url=f"{self.url}/api/v1", auth=(self.application_id, self.secret))

    def disable(self, who: str) -> None:
        """Take the account of a user, or of one of the staff, away."""
        link = RemoteGateway(self.url, self.application_id, Secret(self.secret))
        with self.backend() as backend:
            backend.put(f"/subjects/{who}", json={"status": "disabled"})
        for session_id in link.sessions_of({who}):
            Office(link).revoke(session_id)
        link.close()


@contextmanager
def service(
    folder: Path, redirect_url: str, clock: Clock, *, name: str, staff: Collection[str], host: str
) -> Iterator[Beside]:
    """The running service; browsers know it by ``host``."""
    port = free_port()
    settings = Settings(
        data_dir=folder / "data",
        port=port,
        public_url=f"http://{host}:{port}",
        rate_multiplier=0,
    )
    engine, database, halted = open_to_serve(settings, clock=clock)

    def flow(unit: Unit) -> tuple[str, str]:
        made = administer.create(
            unit,
            name=name,
            vertical=Vertical.CONSUMER,
            settings=replace(
                NEW_SETTINGS, impersonation_allowed=True, redirect_urls=(redirect_url,)
            ),
            by=SYSTEM,
            origin=Origin(),
        )
        for who in (*USERS, *staff):
            # Nobody works as the app's staff.
            facts = maintain.SubjectFacts(id=SubjectId(who), protected=who in staff)
            maintain.save_subject(unit, made.application, facts, by=SYSTEM, origin=Origin())
        return made.application.id, made.secret

    application_id, secret = engine.run(flow)
    with served(create_app(engine, database, settings, halted=halted), port):
        yield Beside(port, application_id, secret)
    engine.close()


@contextmanager
def example(
    folder: Path, source: Path, people: tuple[str, str], environment: Mapping[str, str]
) -> Iterator[None]:
    """The program of an example, with more ``people``: behind what they stand, and who they are."""
    shutil.copytree(source, folder / "app", ignore=shutil.ignore_patterns("node_modules"))
    (folder / "app" / "node_modules").symlink_to(ROOT / "node_modules")
    records = folder / "app" / "records.mjs"
    before, more = people
    assert before in records.read_text()
    records.write_text(records.read_text().replace(before, before + more))
    command = [node(), str(folder / "app" / "server.mjs")]
    with subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "`make node` builds the app's SDK"
            yield
        finally:
            process.kill()


def heard(still: Callable[[], object]) -> None:
    """Give the app a while to hear of it; the check that follows says whether it has."""
    until = time.monotonic() + PATIENCE_SECONDS
    while still() and time.monotonic() < until:
        pass
