"""The same small app on three frameworks of Node, with Kim signed in, beside one service."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, expect

from examples.node_app import node_app
from tests.acceptance.conftest import Example
from tests.acceptance.one_person.desk import AGENT
from tests.acceptance.one_person.example import (
    EMAILS,
    NAMES,
    OF_US,
    Kind,
    RunningExample,
    Written,
    cookie_of,
)
from tests.fixtures.ports import free_port
from tests.fixtures.served import running
from tests.integration.node.desk import EMAIL, hire
from understudy.config import Settings
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.service.opening import open_installation

FRAMEWORKS = ("express", "fastify", "hono")
APPS = Path(__file__).parent / "node_apps"
NOTEBOOK = Kind(
    form="/notes/new",
    field="text",
    people="/people",
    settings="/settings",
    operator=EMAIL,
    agent="kim@support.example",
)


@contextmanager
def node_apps(folder: Path, browser: Browser) -> Iterator[Mapping[str, RunningExample]]:
    """All of them, by the framework; one service is theirs, as three applications."""
    with running(folder) as service, ExitStack() as opened:
        hire(folder)
        yield {
            name: opened.enter_context(_notebook(name, folder, service.base, browser))
            for name in FRAMEWORKS
        }


@contextmanager
def on_session_origins(folder: Path, browser: Browser) -> Iterator[RunningExample]:
    """The one on Express, each of whose sessions has an origin of its own."""
    with running(folder) as service:
        hire(folder)
        host = "app.localhost"
        with _notebook("express", folder, service.base, browser, host, apart=True) as made:
            yield made


@contextmanager
def _notebook(
    framework: str,
    folder: Path,
    service: str,
    browser: Browser,
    host: str = "127.0.0.1",
    *,
    apart: bool = False,
) -> Iterator[RunningExample]:
    """The agent's own session is in a signed cookie."""
    port, data = free_port(), folder / framework
    url, notes = f"http://{host}:{port}", data / "notes.jsonl"
    origins = {"SESSION_ORIGINS": f"http://*.{host}:{port}"} if apart else {}
    data.mkdir()
    notes.touch()
    known = _registered(folder, framework, url, origins.get("SESSION_ORIGINS"))
    (data / "app.json").write_text(json.dumps(known))
    public_url = service.replace("127.0.0.1", "localhost")
    environment = {
        "PORT": str(port),
        "NOTES": str(notes),
        "SESSION_KEY": secrets.token_hex(),
        "APP_ID": known["application_id"],
        "APP_SECRET": known["secret"],
        "UNDERSTUDY_URL": service,
        "UNDERSTUDY_PUBLIC_URL": public_url,
        "NODE_ENV": "production",
        **origins,
    }
    with node_app(APPS / f"{framework}.mjs", environment):
        example = Example(url=url, service_url=public_url, data=data)
        made = RunningExample(NOTEBOOK, example, Written(rows=lambda: _rows(notes)), own=_login)
        context = browser.new_context()
        _sign_in(context, url)
        made.keep(context)
        yield made
        context.close()
        made.service.close()


def _sign_in(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/sign-in/kim")
    expect(page.get_by_role("banner")).to_contain_text(NAMES[AGENT])


def _login(context: BrowserContext) -> object:
    return cookie_of(context, "login")


def _rows(notes: Path) -> list[tuple[str, str]]:
    found = (json.loads(line) for line in notes.read_text().splitlines())
    return [(owner, text) for owner, text in found]


def _registered(folder: Path, name: str, url: str, origins: str | None) -> dict[str, str]:
    settings = ApplicationSettings(
        impersonation_allowed=True,
        redirect_urls=(f"{url}/_understudy/callback",),
        session_origins=origins,
    )
    people = [(SubjectId(own_id), who) for own_id, who in OF_US.items() if who in EMAILS]

    def flow(unit: Unit) -> dict[str, str]:
        made = administer.create(
            unit,
            name=name,
            vertical=Vertical.CONSUMER,
            settings=settings,
            by=SYSTEM,
            origin=Origin(),
        )
        for own_id, who in people:
            facts = maintain.SubjectFacts(id=own_id, email=EMAILS[who], name=NAMES[who])
            maintain.save_subject(unit, made.application, facts, by=SYSTEM, origin=Origin())
        return {"application_id": made.application.id, "secret": made.secret}

    engine = open_installation(Settings(data_dir=folder / "data"))
    try:
        return engine.run(flow)
    finally:
        engine.close()
