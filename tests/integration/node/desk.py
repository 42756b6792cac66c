"""A service with somebody at its desk, and small apps on Node that belong to it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from tests.docs.visitor import Site, Visitor
from tests.fixtures.node import node
from tests.fixtures.ports import free_port
from understudy.config import Settings
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.ids import SubjectId
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.ports import Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.service.opening import open_installation
from understudy.wires.native.passwords import hash_password

APPS = Path(__file__).parent / "apps"
EMAIL, PASSWORD = "sam@support.example", "correct horse battery staple"
APPROVER = "pat@support.example"
REASON = "Cannot find the reports tab"
BUILD_SECONDS = 240
SUBJECTS = ("ada", "grace", "mallory")
BLOCKED = BlockedAction(method="POST", pattern="/invoices/{rest:path}", label="Pay invoices")


class Raw(NamedTuple):
    """What a refusal says."""

    status: int
    code: str | None


@dataclass(kw_only=True)
class NodeApp:
    """An app in a process of its own, as ``visitor`` sees it in a browser."""

    application_id: str
    secret: str
    origin: str
    service: str
    process: subprocess.Popen[str]
    trust: ssl.SSLContext | None = None

    def visitor(self, email: str = EMAIL) -> Visitor:
        """Somebody of support in a browser of their own, signed in at Understudy."""
        site = Site(self.origin) if self.trust is None else Site(self.origin, trust=self.trust)
        found = Visitor(int(self.service.rpartition(":")[2]), site)
        found.sign_in(email, PASSWORD)
        return found

    def impersonating(self, subject: str = "ada") -> Visitor:
        """The same, signed in to the app as Kim, and working as ``subject``."""
        found = self.visitor()
        assert found.post("/login/kim").status_code == 200
        found.impersonate(self.application_id, subject, reason=REASON)
        return found

    def backend(self, method: str, path: str, **request: Any) -> Any:
        """What the service answers to the app's own backend."""
        url, auth = f"{self.service}/api/v1{path}", (self.application_id, self.secret)
        answer = httpx.request(method, url, auth=auth, timeout=20, **request)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def revoke(self, visitor: Visitor) -> None:
        """End the session of ``visitor``, as somebody else would."""
        self.backend("POST", f"/sessions/{session_of(visitor)}/revoke")

    def actions(self, session: str) -> list[tuple[str, str, str]]:
        """Method, path and phase of what the log has of a session, oldest first."""
        found = self.backend("GET", f"/audit/entries?session_id={session}&limit=100")["items"]
        return [
            (item["action"]["method"], item["action"]["path"], item["type"].partition(".")[2])
            for item in reversed(found)
            if item.get("action")
        ]

    def raw(self, visitor: Visitor, method: str, target: str) -> Raw:
        """The answer to a target that clients of better manners would tidy up."""
        host, port = self.origin.partition("://")[2].split(":")
        headers = {"cookie": visitor.cookie_header(), **visitor.mark()}
        lines = [f"{method} {target} HTTP/1.1", f"host: {host}:{port}", "connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall("\r\n".join([*lines, "content-length: 0", "", ""]).encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            body = json.loads(answer.read() or b"{}")
        return Raw(answer.status, body.get("code"))

    def says(self) -> str:
        """The app's next line on standard output."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


def session_of(visitor: Visitor) -> str:
    """The public id of the session that a browser holds."""
    return visitor.cookies()["understudy-page"]


@contextmanager
def node_app(
    folder: Path, service: str, *command: str, certificate: Path | None = None
) -> Iterator[NodeApp]:
    """The app of ``command``, until the block is left; with TLS where it has a ``certificate``."""
    port = free_port()
    origin = f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
    application_id, secret = _registered(folder, origin)
    environment = {
        "UNDERSTUDY_URL": service,
        "UNDERSTUDY_PUBLIC_URL": service.replace("127.0.0.1", "localhost"),
        "APP_ID": application_id,
        "APP_SECRET": secret,
        "PORT": str(port),
        "NODE_ENV": "production",
        "TLS_CERTIFICATE": str(certificate or ""),
    }
    with subprocess.Popen(
        [node(), *command],
        cwd=APPS,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            found = NodeApp(
                application_id=application_id,
                secret=secret,
                origin=origin,
                service=service,
                process=process,
                trust=None if certificate is None else _trusting(certificate),
            )
            said = takewhile(lambda line: line != str(port), iter(found.says, None))
            assert "" not in said, "the app does not serve: `make node` builds its SDK"
            yield found
        finally:
            process.kill()


def _trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def build_next() -> None:
    """Build the app on Next, as its server serves nothing else."""
    program = Path(__file__).parents[3] / "node_modules/next/dist/bin/next"
    environment = {**os.environ, "NEXT_TELEMETRY_DISABLED": "1"}
    subprocess.run(
        [node(), program, "build"],
        cwd=APPS / "next",
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=BUILD_SECONDS,
    )


def _registered(folder: Path, origin: str) -> tuple[str, str]:
    settings = ApplicationSettings(
        impersonation_allowed=True,
        redirect_urls=(f"{origin}/_understudy/callback",),
        blocked_actions=(BLOCKED,),
        unlocks=True,
    )

    def flow(unit: Unit) -> tuple[str, str]:
        made = administer.create(
            unit,
            name="Shop",
            vertical=Vertical.CONSUMER,
            settings=settings,
            by=SYSTEM,
            origin=Origin(),
        )
        for subject in SUBJECTS:
            facts = maintain.SubjectFacts(id=SubjectId(subject), name=subject.title())
            maintain.save_subject(unit, made.application, facts, by=SYSTEM, origin=Origin())
        return made.application.id, made.secret

    made: tuple[str, str] = _done(folder, flow)
    return made


def hire(folder: Path) -> None:
    """Give Sam an account at the desk, and Pat, who decides about others."""
    hashed = hash_password(PASSWORD)
    people: list[tuple[str, str, tuple[Role, ...]]] = [
        (EMAIL, "Sam", (Role.SUPPORT_MANAGER, Role.ADMIN)),
        (APPROVER, "Pat", (Role.APPROVER,)),
    ]

    def flow(unit: Unit) -> None:
        for email, name, roles in people:
            invited = team.invite(
                unit, email=email, name=name, roles=roles, by=SYSTEM, origin=Origin()
            )
            team.join(unit, invited.token, name=name, password_hash=hashed, origin=Origin())

    _done(folder, flow)


def _done(folder: Path, flow: Any) -> Any:
    engine = open_installation(Settings(data_dir=folder / "data"))
    try:
        return engine.run(flow)
    finally:
        engine.close()
