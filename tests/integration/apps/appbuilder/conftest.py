"""A site of Flask-AppBuilder on the servers that people run it on, beside a service."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures.asgi_server import served
from tests.fixtures.listening import ROOT, listening
from tests.integration.apps.appbuilder.browser import Browser
from understudy.config import Settings
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.notices.events import EventType
from understudy.flows.impersonation.open_session import OpenSession
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database

SITE = "tests.integration.apps.appbuilder.site"
AGENT, ADA = 1, 2
CLERK = [
    ["ContactView|ContactApi", "can_list|can_add|can_show|can_get|can_post"],
    ["Contacts|Address book", "menu_access"],
    ["MenuApi", "can_get"],
    ["ResetMyPasswordView", "can_this_form_get|can_this_form_post"],
]
KEPT = BlockedAction(method="POST", pattern="/resetmypassword/form", label="Reset my password")


def gunicorn(kind: str, *options: str, workers: int = 1) -> tuple[list[str], str, int]:
    chosen = ["-m", "gunicorn", f"--workers={workers}", f"--worker-class={kind}", *options]
    started = "Booting worker with pid"
    return [*chosen, "--bind", "127.0.0.1:{port}", f"{SITE}:app"], started, workers


SERVERS = {
    "sync": gunicorn("sync", workers=2),
    "gthread": gunicorn("gthread", "--threads", "4"),
    "gevent": gunicorn("gevent"),
    "flask": (["-m", "flask", "--app", f"{SITE}:app", "run", "--port", "{port}"], "Running on", 1),
}


@dataclass(frozen=True)
class Site:
    """The site on one server, beside its service."""

    port: int
    database: Path
    made: World
    _signed_in: dict[str, dict[str, str]] = field(default_factory=dict)

    def browser(self, name: str) -> Browser:
        """Somebody's, who has signed in; their password is looked at once, as that takes time."""
        browser = Browser(self.port, self._signed_in.get(name, {}))
        if name not in self._signed_in:
            browser.sign_in(name)
            self._signed_in[name] = dict(browser.cookies)
        return browser

    def session(self) -> OpenSession:
        """A session as Ada."""
        return self.made.session(str(ADA))

    def actions(self, session: OpenSession) -> list[tuple[object, object]]:
        """What was done in a session, as the log has it by now."""
        entries = self.made.entries(EventType.ACTION_COMPLETED)
        told = [(one.core, one.personal) for one in entries if one.core and one.personal]
        mine = session.session.id
        return [(core["method"], own["path"]) for core, own in told if core["session_id"] == mine]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the site's own database has."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("service")
    database = f"sqlite:///{folder / 'understudy.db'}"
    with world(database, folder) as made:
        made.set_up_application(blocked_actions=(KEPT,))
        made.save_subject(id=str(ADA), name="Ada")
        with served(create_app(made.engine, open_database(database), Settings())) as port:
            variables = {
                "FLASK_UNDERSTUDY_URL": f"http://127.0.0.1:{port}",
                "FLASK_UNDERSTUDY_APPLICATION_ID": made.application.id,
                "FLASK_UNDERSTUDY_SECRET": made.secret,
                "FLASK_SECRET_KEY": "a key of the app's",
                "FLASK_FAB_ROLES": json.dumps({"Clerk": CLERK}),
                "FLASK_SESSION_PROTECTION": "strong",
                "FLASK_RATELIMIT_ENABLED": "true",
                "FLASK_AUTH_RATE_LIMITED": "true",
            }
            yield made, variables


def stored(path: Path, variables: dict[str, str]) -> dict[str, str]:
    return {**variables, "FLASK_SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"}


@pytest.fixture(scope="module")
def populated(
    service: tuple[World, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("site") / "app.db"
    program = [sys.executable, "-c", f"from {SITE} import populate; populate()"]
    subprocess.run(program, cwd=ROOT, env=stored(path, service[1]), check=True)
    return path


@pytest.fixture(scope="module", params=list(SERVERS))
def site(
    request: pytest.FixtureRequest,
    service: tuple[World, dict[str, str]],
    populated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    made, variables = service
    options, says, times = SERVERS[request.param]
    database = Path(shutil.copy(populated, tmp_path_factory.mktemp("served")))
    # As its documents say: what rights there are is written once, and not by each worker.
    variables = {**stored(database, variables), "FLASK_FAB_UPDATE_PERMS": "false"}
    with listening(options, says, times=times, variables=variables) as port:
        yield Site(port, database, made)


@pytest.fixture
def agent(site: Site) -> Iterator[Browser]:
    """Of an admin of the site."""
    with closing(site.browser("agent")) as browser:
        yield browser
