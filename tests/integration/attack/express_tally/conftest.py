"""The books of the examples, on Express, with a service beside them: both asked over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fixtures.ports import free_port
from tests.integration.attack.beside import ROOT, example, heard, service
from tests.integration.embedded.clock import Clock
from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

EXAMPLE = ROOT / "examples" / "express_react"
# Beside those of the example, whose staff is Kim alone.
STAFF = ("kim", "lee", "rosa")
MORE = "".join(
    f'{{ id: "{who}", name: "{who}", email: "{who}@tally.example", isStaff: true }},'
    for who in STAFF[1:]
)
DOMAINS = {"ada": "engines", "grace": "compilers"}


@pytest.fixture
def understudy_attack_target(tmp_path: Path) -> Iterator[AttackTarget]:
    """Kim and Lee support; Ada and Grace are customers, and Rosa is of the staff as well."""
    clock, port = Clock(), free_port()
    site = f"http://127.0.0.1:{port}"
    browsers: list[AttackBrowser] = []
    (tmp_path / "front").mkdir()
    (tmp_path / "front" / "index.html").write_text("<!doctype html><title>Tally</title>")
    with ExitStack() as running:
        callback = f"{site}/_understudy/callback"
        told = running.enter_context(
            service(tmp_path, callback, clock, name="Tally", staff=STAFF, host="localhost")
        )
        environment = {
            **os.environ,
            "PORT": str(port),
            "SESSION_KEY": "a key for tests",
            "APP_ID": told.application_id,
            "APP_SECRET": told.secret,
            "UNDERSTUDY_URL": told.url,
            "FRONT": str(tmp_path / "front"),
        }
        running.enter_context(example(tmp_path, EXAMPLE, ("const PEOPLE = [", MORE), environment))
        backend = running.enter_context(told.backend())

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
            told.disable(who)
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
