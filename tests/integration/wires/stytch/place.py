"""The service on loopback, as Stytch's SDKs reach it, with a clock that only tests move."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from stytch import B2BClient, Client

from tests.fixtures import asgi_server
from tests.fixtures.engine import TestClock
from tests.fixtures.schema import open_made
from understudy.config import Settings
from understudy.core.applications.application import (
    Application,
    ApplicationSettings,
    Vertical,
)
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Entry, EntryFilter, Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.flows.people.sign_in import begin
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.keys import session_keys
from understudy.keys.session_keys import JwtSigner, SessionKeys
from understudy.service.app import Service, create_app
from understudy.service.table import WIRES
from understudy.storage.data_directory import DataDirectory
from understudy.storage.engine.engine import StoreEngine, open_engine

REDIRECT_URL = "http://localhost:3000/authenticate?from=support"
ORIGIN = "https://app.example"
REASON = "Looking at the missing invoice"
ACTOR = {"id": "staff-7", "email": "dana@helpdesk.example", "name": "Dana"}


def _role(name: str, resource: str, action: str, **more: str) -> dict[str, Any]:
    permission = {"resource_id": resource, "actions": [action]}
    return {"role_id": name, "permissions": [permission], **more}


SETTINGS = ApplicationSettings(
    impersonation_allowed=True,
    hand_off="stytch",
    redirect_urls=(REDIRECT_URL,),
    wires={
        "stytch": {
            "browser_sdk": True,
            "browser_origins": [ORIGIN],
            "rbac_roles": [
                _role("stytch_member", "invoices", "read"),
                _role("owner", "invoices", "*", description="Owns it"),
                _role("stytch_user", "notes", "read"),
            ],
        }
    },
)


@dataclass(frozen=True, kw_only=True)
class Project:
    """An application with its secret: what Stytch calls a project."""

    application: Application
    secret: str = field(repr=False)

    @property
    def id(self) -> str:
        """The application's id."""
        return self.application.id

    @property
    def auth(self) -> tuple[str, str]:
        """Its Basic credentials."""
        return (self.id, self.secret)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A running service with two B2B applications and a consumer one."""

    base: str
    engine: StoreEngine
    service: Service
    clock: TestClock
    b2b: Project
    other: Project
    consumer: Project

    def b2b_sdk(self, project: Project | None = None) -> B2BClient:
        """The Python SDK; only the base URL is not Stytch's."""
        found = project or self.b2b
        return B2BClient(found.id, found.secret, environment=self.base)

    def sdk(self, project: Project | None = None) -> Client:
        """The Python SDK of consumer projects."""
        found = project or self.consumer
        return Client(found.id, found.secret, environment=self.base)

    def token(self, project: Project | None = None, **changes: Any) -> str:
        """A token of this wire, made by the application's backend."""
        return str(self.started(project, **changes)["impersonation_token"])

    def started(self, project: Project | None = None, **changes: Any) -> dict[str, Any]:
        """What the application's backend gets when it starts an impersonation of Ada."""
        body = {"subject_id": "ada", "reason": REASON, "actor": ACTOR} | changes
        answer = self.post("/api/v1/impersonations", body, project)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def session(self, project: Project | None = None, **changes: Any) -> dict[str, Any]:
        """An impersonated session, begun by this wire."""
        found = project or self.b2b
        part = "" if found is self.consumer else "/b2b"
        body = {"impersonation_token": self.token(found, **changes)}
        answer = self.post(f"/v1{part}/impersonation/authenticate", body, found)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def post(
        self, path: str, body: object, project: Project | None = None, **options: Any
    ) -> httpx.Response:
        """One call with an application's credentials and nobody's SDK."""
        return httpx.post(self.base + path, json=body, auth=(project or self.b2b).auth, **options)

    def call(
        self, method: str, path: str, project: Project | None = None, **options: Any
    ) -> httpx.Response:
        """One call with an application's credentials and nobody's SDK."""
        auth = (project or self.b2b).auth
        return httpx.request(method, self.base + path, auth=auth, **options)

    def change_settings(self, project: Project, **changes: Any) -> None:
        """Change an application's settings, as the dashboard does."""
        before = project.application.settings
        part = {name: changes.pop(name) for name in before.wires["stytch"] if name in changes}
        wires = {"stytch": {**before.wires["stytch"], **part}}
        changed = replace(project.application, settings=replace(before, **changes, wires=wires))
        self.engine.run(
            lambda unit: administer.update(
                unit, changed, wires=WIRES.settings, by=SYSTEM, origin=Origin()
            )
        )
        self.service.node.known_applications.forget()

    def operator(self, *roles: Role) -> httpx.Client:
        """The browser of somebody with ``roles``, signed in to the dashboard."""

        def join(unit: Unit) -> str:
            invited = team.invite(
                unit, email="sam@support.example", name="Sam", roles=roles, by=SYSTEM,
                origin=Origin(),
            )  # fmt: skip
            joined = team.join(
                unit, invited.token, name="Sam", password_hash="none", origin=Origin()
            )
            return begin(unit, joined, origin=Origin()).token

        cookie = f"{OPERATOR_COOKIE}={self.engine.run(join)}"
        headers = {"cookie": cookie, "sec-fetch-site": "same-origin"}
        return httpx.Client(base_url=self.base, headers=headers)

    def signer(self, project: Project, use: str) -> JwtSigner:
        """The key with which the service signs for a project."""
        pair = session_keys.generate()
        self.engine.run(lambda unit: session_keys.add_first(unit, project.id, pair, use=use))
        with self.engine.reading() as reader:
            return SessionKeys(self.engine.vault).signer(reader, project.id, self.clock(), use=use)

    def entries(self, *types: EventType) -> list[Entry]:
        """The entries of these types, oldest first."""
        return list(self.engine.stream_entries(EntryFilter(types=frozenset(types))))

    def rules(self) -> list[object]:
        """Why tokens were refused, oldest first."""
        found = self.entries(EventType.TOKEN_REFUSED, EventType.TOKEN_REPLAYED)
        return [(entry.core or {}).get("rule") for entry in found]


@contextlib.contextmanager
def place(
    folder: Path, *, behind: timedelta = timedelta(), rate_multiplier: float = 0.0
) -> Iterator[Place]:
    """A fresh installation, served.

    Its clock stands still at the time that the SDKs go by, or so far behind it.
    """
    clock = TestClock(datetime.now(UTC) - behind)
    database = open_made(f"sqlite:///{folder / 'understudy.db'}")
    engine = open_engine(database, DataDirectory(folder / "data"), clock=clock)
    settings = Settings(rate_multiplier=rate_multiplier)
    service = create_app(engine, database, settings)
    try:
        found = {
            "b2b": _project(engine, "Billing", Vertical.B2B),
            "other": _project(engine, "Shop", Vertical.B2B),
            "consumer": _project(engine, "Notes", Vertical.CONSUMER),
        }
        for project in found.values():
            _people(engine, project.application)
        with asgi_server.served(service) as port:
            base = f"http://127.0.0.1:{port}"
            yield Place(base=base, engine=engine, service=service, clock=clock, **found)
    finally:
        engine.close()


def _project(engine: StoreEngine, name: str, vertical: Vertical) -> Project:
    made = engine.run(
        lambda unit: administer.create(
            unit,
            name=name,
            vertical=vertical,
            settings=SETTINGS,
            wires=WIRES.settings,
            by=SYSTEM,
            origin=Origin(),
        )
    )
    return Project(application=made.application, secret=made.secret)


def _people(engine: StoreEngine, application: Application) -> None:
    tenants = {"ada": OrganizationId("acme"), "bea": OrganizationId("globex")}
    in_tenants = application.vertical is Vertical.B2B

    def save(unit: Unit) -> None:
        for organization in tenants.values() if in_tenants else ():
            maintain.save_organization(
                unit, application, organization, name=organization.title(), disabled=None,
                by=SYSTEM, origin=Origin(),
            )  # fmt: skip
        for person, tenant in tenants.items():
            facts = maintain.SubjectFacts(
                id=SubjectId(person),
                email=f"{person}@{tenant}.example",
                name=f"{person.title()} Lovett",
                organization_id=tenant if in_tenants else None,
                roles=("billing",),
            )
            maintain.save_subject(unit, application, facts, by=SYSTEM, origin=Origin())

    engine.run(save)
