"""The books of the examples, on Express, with a service beside them: both asked over HTTP."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

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
from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

ROOT = Path(__file__).parents[4]
EXAMPLE = ROOT / "examples" / "express_react"
# Beside those of the example, whose staff is Kim alone.
STAFF = ("kim", "lee", "rosa")
MORE = "".join(
    f'{{ id: "{who}", name: "{who}", email: "{who}@tally.example", isStaff: true }},'
    for who in STAFF[1:]
)
PEOPLE = "const PEOPLE = ["
PATIENCE_SECONDS = 20.0


@contextmanager
def service(folder: Path, site: str, clock: Clock) -> Iterator[tuple[str, str, str]]:
    """Its address, and the id and the secret of the app at ``site``."""
    port = free_port()
    settings = Settings(
        data_dir=folder / "data",
        port=port,
        public_url=f"http://localhost:{port}",
        rate_multiplier=0,
    )
    engine, database, halted = open_to_serve(settings, clock=clock)

    def flow(unit: Unit) -> tuple[str, str]:
        made = administer.create(
            unit,
            name="Tally",
            vertical=Vertical.CONSUMER,
            settings=replace(
                NEW_SETTINGS,
                impersonation_allowed=True,
                redirect_urls=(f"{site}/_understudy/callback",),
            ),
            by=SYSTEM,
            origin=Origin(),
        )
        for who in ("ada", "grace", *STAFF):
            # Nobody works as the app's staff.
            facts = maintain.SubjectFacts(id=SubjectId(who), protected=who in STAFF)
            maintain.save_subject(unit, made.application, facts, by=SYSTEM, origin=Origin())
        return made.application.id, made.secret

    application_id, secret = engine.run(flow)
    with served(create_app(engine, database, settings, halted=halted), port):
        yield f"http://127.0.0.1:{port}", application_id, secret
    engine.close()


@contextmanager
def app(folder: Path, port: int, told: tuple[str, str, str]) -> Iterator[None]:
    """The example's program, with more people."""
    (folder / "app").mkdir()
    shutil.copy(EXAMPLE / "server.mjs", folder / "app")
    (folder / "app" / "node_modules").symlink_to(ROOT / "node_modules")
    records = (EXAMPLE / "records.mjs").read_text()
    (folder / "app" / "records.mjs").write_text(records.replace(PEOPLE, f"{PEOPLE}{MORE}"))
    (folder / "front").mkdir()
    (folder / "front" / "index.html").write_text("<!doctype html><title>Tally</title>")
    url, application_id, secret = told
    environment = {
        **os.environ,
        "PORT": str(port),
        "SESSION_KEY": "a key for tests",
        "APP_ID": application_id,
        "APP_SECRET": secret,
        "UNDERSTUDY_URL": url,
        "FRONT": str(folder / "front"),
    }
    command = [node(), str(folder / "app" / "server.mjs")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "`make node` builds the app's SDK"
            yield
        finally:
            process.kill()


@pytest.fixture
def understudy_attack_target(tmp_path: Path) -> Iterator[AttackTarget]:
    """Kim and Lee support; Ada and Grace are customers, and Rosa is of the staff as well."""
    clock, port = Clock(), free_port()
    site = f"http://127.0.0.1:{port}"
    browsers: list[AttackBrowser] = []
    with ExitStack() as running:
        told = running.enter_context(service(tmp_path, site, clock))
        running.enter_context(app(tmp_path, port, told))
        url, application_id, secret = told
        backend = httpx.Client(base_url=f"{url}/api/v1", auth=(application_id, secret))
        link = RemoteGateway(url, application_id, Secret(secret))
        running.callback(link.close)
        running.callback(backend.close)

        def sign_in(browser: AttackBrowser, who: str) -> None:
            typed = {"email": f"{who}@{DOMAINS.get(who, 'tally')}.example", "password": "tally"}
            browser.own(Sending(method="POST", path="/api/sign-in", json=typed), {})
            browsers.append(browser)

        def whoami(browser: AttackBrowser) -> str | None:
            answer = browser.open("/api/me")
            return str(answer.json()["id"]) if answer.is_success else None

        def page_headers(browser: AttackBrowser) -> Mapping[str, str]:
            return {"Understudy-Page": browser.cookies().get("understudy-page", "own")}

        def disable(who: str) -> None:
            backend.put(f"/subjects/{who}", json={"status": "disabled"})
            for session_id in link.sessions_of({who}):
                Office(link).revoke(session_id)
            heard(lambda: [one for one in browsers if whoami(one) == "ada"])

        def later(by: timedelta) -> None:
            clock.ahead += by
            heard(lambda: [one for one in browsers if whoami(one) == "ada"])

        def recorded() -> list[tuple[str, str]]:
            found = backend.get("/audit/entries", params={"limit": 100}).json()["items"]
            return [
                (one["actor"]["id"], one["subject"]["id"]) for one in found if one.get("action")
            ]

        yield AttackTarget(
            app=site,
            agent="kim",
            colleague="lee",
            user="ada",
            other="grace",
            admin="rosa",
            login_cookies=["tally", "tally.sig"],
            sign_in=sign_in,
            whoami=whoami,
            start=lambda user: Sending(
                method="POST",
                path="/_understudy/start",
                json={"subject_id": user, "reason": "Cannot see the invoice"},
            ),
            stop=Sending(method="POST", path="/_understudy/end"),
            page_headers=page_headers,
            change=Sending(method="POST", path="/api/expenses", json={"what": "Ink", "euros": "5"}),
            dangerous=[Sending(method="POST", path="/api/password", json={"password": "x"})],
            disable=disable,
            later=later,
            recorded=recorded,
        )


DOMAINS = {"ada": "engines", "grace": "compilers"}


def heard(still: Callable[[], object]) -> None:
    """Give the app a while to hear of it; the check that follows says whether it has."""
    until = time.monotonic() + PATIENCE_SECONDS
    while still() and time.monotonic() < until:
        pass
