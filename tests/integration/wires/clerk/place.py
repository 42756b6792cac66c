"""The service on loopback, as Clerk's SDKs reach it, with a time of day that tests can shift."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import threading
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from clerk_backend_api import Clerk

from tests.fixtures.engine import TestClock
from tests.fixtures.ports import free_port
from tests.fixtures.schema import open_made
from understudy.config import Settings
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import OrganizationId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import Entry, EntryFilter
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.service.app import create_app
from understudy.service.table import WIRES
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import StoreEngine, open_engine

APP = "http://127.0.0.1:9"
"""Where the app is, as far as the service knows; tests that run one say so."""
ACTOR = {"sub": "kim", "reason": "Looking at the missing invoice", "team": {"desk": 7}}
PATIENCE_SECONDS = 10


class RealClock(TestClock):
    """The real time of day, which SDKs go by, shifted by what tests choose."""

    def __init__(self, shift: timedelta) -> None:
        super().__init__(datetime.now(UTC))
        self.shift = shift

    def __call__(self) -> datetime:
        """The present moment, shifted."""
        return datetime.now(UTC) + self.shift


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """An application with its secret key."""

    application: Application
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A running service with an application, Ada and Root among its users, and another one.

    ``http`` has the application's secret key, ``stranger`` has none; neither follows redirects.
    """

    base: str
    engine: StoreEngine
    clock: RealClock
    tenant: Tenant
    other: Tenant
    http: httpx.Client
    stranger: httpx.Client

    @property
    def api(self) -> str:
        """The API URL as Node's SDK takes it."""
        return f"{self.base}/clerk"

    @property
    def publishable_key(self) -> str:
        """A key of the production kind, which names the host of the service."""
        host = self.base.removeprefix("http://")
        return "pk_live_" + b64encode(f"{host}$".encode()).decode().rstrip("=")

    def sdk(self, tenant: Tenant | None = None) -> Clerk:
        """The Python SDK: only URL and key are set."""
        secret = (tenant or self.tenant).secret
        return Clerk(server_url=f"{self.api}/v1", bearer_auth=secret)

    def ticket(self, **changes: Any) -> str:
        """The ticket of a new actor token for Ada."""
        return str(self.actor_token(**changes)["token"])

    def actor_token(self, **changes: Any) -> dict[str, Any]:
        """A new actor token for Ada."""
        body = {"user_id": "ada", "actor": ACTOR} | changes
        answer = self.http.post("/actor_tokens", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def exchanged(self, ticket: str | None = None, **changes: Any) -> dict[str, Any]:
        """The session of a ticket, by our own exchange."""
        body = {"ticket": ticket or self.ticket(**changes)}
        answer = self.http.post("/tickets/exchange", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def change_settings(self, **changes: Any) -> None:
        """Change the application's settings behind everybody's back."""
        settings = replace(self.tenant.application.settings, **changes)
        changed = replace(self.tenant.application, settings=settings)
        self.engine.run(lambda unit: administer.update(unit, changed, by=SYSTEM, origin=Origin()))

    def entries(self, *types: EventType) -> list[Entry]:
        """The entries of some types, oldest first."""
        return list(self.engine.stream_entries(EntryFilter(types=frozenset(types))))


def claims_of(jwt: str) -> dict[str, Any]:
    """What a JWT says, unverified."""
    return dict(json.loads(_part(jwt, 1)))


def header_of(jwt: str) -> dict[str, Any]:
    """A JWT's header."""
    return dict(json.loads(_part(jwt, 0)))


def _part(jwt: str, index: int) -> bytes:
    text = jwt.split(".")[index]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextlib.contextmanager
def place(
    folder: Path,
    database_url: str | None = None,
    *,
    app_url: str = APP,
    shift: timedelta = timedelta(),
) -> Iterator[Place]:
    """A service, for as long as the block lasts. Its time moves forward only."""
    port, clock = free_port(), RealClock(shift)
    base = f"http://127.0.0.1:{port}"
    database = open_made(database_url or f"sqlite:///{folder / 'understudy.db'}")
    engine = open_engine(database, DataDirectory(folder / "data"), clock=clock)
    try:
        tenant, other = _tenant(engine, "Billing", app_url), _tenant(engine, "Shop", app_url)
        _people(engine, tenant.application)
        settings = Settings(public_url=base, rate_multiplier=0.0, port=port)
        app = create_app(engine, database, settings)
        headers = {"authorization": f"Bearer {tenant.secret}"}
        with (
            _served(app, port),
            httpx.Client(base_url=f"{base}/clerk/v1", headers=headers) as http,
            httpx.Client(base_url=base) as stranger,
        ):
            yield Place(
                base=base,
                engine=engine,
                clock=clock,
                tenant=tenant,
                other=other,
                http=http,
                stranger=stranger,
            )
    finally:
        engine.close()


@contextlib.contextmanager
def another_node(first: Place, key: Path, folder: Path, database_url: str) -> Iterator[str]:
    """The base of a second node over the same database, under the same installation ``key``."""
    data = folder / "data"
    data.mkdir(parents=True)
    shutil.copy(key, data / key.name)
    port = free_port()
    database = open_database(database_url)
    engine = open_engine(database, DataDirectory(data), clock=first.clock)
    try:
        settings = Settings(public_url=first.base, rate_multiplier=0.0, port=port)
        app = create_app(engine, database, settings)
        with _served(app, port):
            yield f"http://127.0.0.1:{port}"
    finally:
        engine.close()


@contextlib.contextmanager
def _served(app: Any, port: int) -> Iterator[None]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def announced(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = announced  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="uvicorn")
    thread.start()
    try:
        assert started.wait(PATIENCE_SECONDS), "the server did not start"
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)


def _tenant(engine: StoreEngine, name: str, app_url: str) -> Tenant:
    settings = ApplicationSettings(
        impersonation_allowed=True,
        redirect_urls=(f"{app_url}/_understudy/callback",),
        wires={"clerk": {"ticket_sign_in": True}},
    )
    made = engine.run(
        lambda unit: administer.create(
            unit,
            name=name,
            vertical=Vertical.B2B,
            settings=settings,
            wires=WIRES.settings,
            by=SYSTEM,
            origin=Origin(),
        )
    )
    return Tenant(application=made.application, secret=made.secret)


def exchange(place: Place, ticket: str) -> httpx.Response:
    """Have the app's backend trade a ticket for a session."""
    return place.http.post("/tickets/exchange", json={"ticket": ticket})


def _people(engine: StoreEngine, application: Application) -> None:
    people: tuple[Mapping[str, Any], ...] = (
        {"id": "ada", "email": "ada@acme.example", "name": "Ada Lovett", "organization_id": "acme"},
        {"id": "root", "name": "Root", "protected": True},
        {"id": "grace", "email": "grace@acme.example", "name": "Grace", "disabled": True},
    )

    def save(unit: Any) -> None:
        maintain.save_organization(
            unit,
            application,
            OrganizationId("acme"),
            name="Acme",
            disabled=None,
            by=SYSTEM,
            origin=Origin(),
        )
        for facts in people:
            maintain.save_subject(
                unit, application, maintain.SubjectFacts(**facts), by=SYSTEM, origin=Origin()
            )

    engine.run(save)
