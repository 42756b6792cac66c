"""The books of the examples, on FastAPI, with Understudy and its database in the same process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from examples.fastapi_react import app as tally
from examples.fastapi_react.records import PASSWORD, PEOPLE
from examples.fastapi_react.staff import understudy_of
from tests.integration.embedded import clock as clocks
from understudy import Understudy
from understudy.core.impersonation.sessions import EndCause
from understudy.core.ports import EntryFilter, SessionFilter
from understudy.embedded.link import installation_of
from understudy.embedded.plan import APPLICATION_ID
from understudy.sdk.boot_time import seconds_since_boot
from understudy.testing.attack import AttackBrowser, AttackTarget, Sending

SITE = "https://testserver"
KEY = "a key for tests"


@pytest.fixture
def understudy_attack_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AttackTarget]:
    """Kim and Lee support; Ada and Grace are customers. Nobody works as staff, as Rosa is."""
    clock = clocks.given(monkeypatch)
    for name, like in (("lee", "kim"), ("rosa", "kim")):
        colleague = replace(PEOPLE[like], id=name, name=name, email=f"{name}@tally.example")
        monkeypatch.setitem(PEOPLE, name, colleague)
    (tmp_path / "front").mkdir()
    (tmp_path / "front" / "index.html").write_text("<!doctype html><title>Tally</title>")
    monkeypatch.setattr(tally, "FRONT", tmp_path / "front")
    understudy = understudy_of(SITE, tmp_path / "data", KEY)
    monkeypatch.setattr(
        understudy, "_monotonic", lambda: seconds_since_boot() + clock.ahead.total_seconds()
    )
    monkeypatch.setattr(tally, "understudy_of", lambda *_: understudy)
    app = tally.create_app(site=SITE, data_dir=tmp_path / "data", secret_key=KEY)

    def sign_in(browser: AttackBrowser, who: str) -> None:
        typed = {"email": PEOPLE[who].email, "password": PASSWORD}
        browser.own(Sending(method="POST", path="/api/sign-in", json=typed), {})

    def whoami(browser: AttackBrowser) -> str | None:
        answer = browser.open("/api/me")
        return str(answer.json()["id"]) if answer.is_success else None

    def page_headers(browser: AttackBrowser) -> Mapping[str, str]:
        live = live_sessions(understudy) if "__Host-understudy" in browser.cookies() else []
        return {"Understudy-Page": live[-1] if live else "own"}

    def disable(who: str) -> None:
        monkeypatch.delitem(PEOPLE, who)
        for session_id in live_sessions(understudy, actor_id=who):
            heard = threading.Event()
            understudy.runtime().cache.watch(session_id, heard.set)
            understudy.runtime().gateway.end(session_id, EndCause.REVOKED)
            assert heard.wait(10)

    def later(by: timedelta) -> None:
        clock.ahead += by

    def recorded() -> list[tuple[str, str]]:
        log = installation_of(understudy).engine().stream_entries(EntryFilter())
        told = [one.personal or {} for one in log if one.type.startswith("action.")]
        return [(str(one.get("actor_id")), str(one.get("subject_id"))) for one in told]

    yield AttackTarget(
        app=app,
        asgi=True,
        agent="kim",
        colleague="lee",
        user="ada",
        other="grace",
        admin="rosa",
        login_cookies=["session"],
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
    understudy.close()


def live_sessions(understudy: Understudy, actor_id: str | None = None) -> list[str]:
    """The ids of those that go on, oldest first; of one actor, if somebody is named."""
    if actor_id is not None:
        return list(understudy.runtime().gateway.sessions_of({actor_id}))
    with installation_of(understudy).engine().reading() as reader:
        live = reader.sessions.live(SessionFilter(application_id=APPLICATION_ID))
    return [one.id for one in sorted(live, key=lambda one: one.started_at)]
