"""How a page says that its actor is still at work, and what it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.unit.sdk.visiting import App, body
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk.cache import Held
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.routes import Routes
from understudy.sdk.staying import TOUCH_SECONDS
from understudy.sdk.values import Phase
from understudy.sdk.visit import Answer, Visit
from understudy.testing import FakeGateway, FakeSession

OWN = (("sec-fetch-site", "same-origin"), ("user-agent", "Firefox"))


class Page:
    """A page of an app whose banner speaks with the SDK."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.understudy = self.gateway.understudy()
        self.routes = Routes(self.understudy)
        self.session = self.gateway.open(minutes=30, idle_minutes=10)

    def asks(
        self,
        method: str,
        name: str,
        *headers: tuple[str, str],
        query: str = "",
        session: FakeSession | None = None,
    ) -> Answer:
        token = (session or self.session).token
        visit = Visit(
            method=method,
            origin="https://app.test",
            base="",
            query=query,
            headers=(*(headers or OWN), ("cookie", f"{OVERLAY}={token}")),
            address="192.0.2.7",
        )
        return carried_out(self.routes.serving(visit, f"/_understudy/{name}"))

    def state(self) -> dict[str, str]:
        return dict(json.loads(self.asks("GET", "state").body))

    def held(self) -> Held:
        found = self.understudy.runtime().cache.find(token_hash(self.session.token))
        assert isinstance(found, Held)
        return found

    def rested(self, seconds: float) -> Held:
        """The session after so long in which nothing happened."""
        held = self.held()
        held.idle_until -= seconds
        held.touched_at -= seconds
        return held


@pytest.fixture
def page() -> Iterator[Page]:
    made = Page()
    made.state()
    yield made
    made.understudy.close()


def seconds_until(state: dict[str, str], name: str) -> float:
    now = datetime.fromisoformat(state["server_now"])
    return (datetime.fromisoformat(state[name]) - now).total_seconds()


def test_the_state_tells_both_ends(page: Page) -> None:
    page.rested(120)
    state = page.state()
    assert seconds_until(state, "idle_ends_at") == pytest.approx(480, abs=5)
    assert seconds_until(state, "ends_at") == pytest.approx(1_800, abs=5)


def test_the_idle_end_is_never_said_to_be_behind_the_end(page: Page) -> None:
    page.held().idle_until += 7_200
    state = page.state()
    assert state["idle_ends_at"] == state["ends_at"]


def test_staying_puts_the_idle_end_off_and_is_in_the_log(page: Page) -> None:
    page.rested(500)
    answer = page.asks("POST", "stay", query=f"session={page.session.id}")
    assert answer.status == 200
    state = json.loads(answer.body)
    assert seconds_until(state, "idle_ends_at") == pytest.approx(600, abs=5)
    assert seconds_until(state, "ends_at") == pytest.approx(1_800, abs=5)
    (action,) = page.gateway.actions(page.session.id)
    assert (action.phase, action.method, action.path, action.status) == (
        Phase.COMPLETED,
        "POST",
        "/_understudy/stay",
        200,
    )
    assert (action.address, action.user_agent) == ("192.0.2.7", "Firefox")


def test_staying_is_recorded_no_more_often_than_said(page: Page) -> None:
    for _ in range(5):
        assert page.asks("POST", "stay").status == 200
    page.rested(TOUCH_SECONDS + 1)
    page.asks("POST", "stay")
    page.understudy.close()
    assert len(page.gateway.actions(page.session.id)) == 2


def test_a_page_of_another_session_keeps_none_alive(page: Page) -> None:
    held = page.rested(500)
    until = held.idle_until
    answer = page.asks("POST", "stay", query="session=ses_other")
    assert json.loads(answer.body)["session"] == page.session.id
    assert held.idle_until == until


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_csrf_another_site_keeps_no_session_alive(page: Page, site: str) -> None:
    held = page.rested(500)
    until = held.idle_until
    answer = page.asks("POST", "stay", ("sec-fetch-site", site))
    assert (answer.status, json.loads(answer.body)["code"]) == (403, "cross_site_refused")
    assert held.idle_until == until


def test_a_session_that_is_over_does_not_come_back(page: Page) -> None:
    page.gateway.revoke(page.session.id)
    page.gateway.wait_until_ended(page.session.id)
    page.understudy.runtime().cache.close(page.session.id, None)
    assert json.loads(page.asks("POST", "stay").body)["active"] is False


def test_a_session_that_this_process_does_not_know_is_asked_for_first() -> None:
    fresh = Page()
    assert json.loads(fresh.asks("POST", "stay").body)["active"] is True
    assert [one.path for one in fresh.gateway.actions(fresh.session.id)] == ["/_understudy/stay"]
    fresh.understudy.close()


def test_the_state_of_a_live_session(app: App) -> None:
    session = app.gateway.open()
    for _ in range(2):
        state = body(app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}"))
        assert (state["active"], state["session"]) == (True, session.id)
        assert set(state) == {"active", "session", "ends_at", "idle_ends_at", "server_now"}


def test_the_state_of_an_ended_session(app: App) -> None:
    session = app.gateway.open()
    app.gateway.revoke(session.id)
    for _ in range(2):
        state = body(app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}"))
        assert state == {
            "active": False,
            "cause": "revoked",
            "message": "Somebody with the right to do so revoked it.",
        }


def test_the_state_without_a_session(app: App) -> None:
    state = body(app.visit("GET", "/_understudy/state"))
    assert (state["active"], state["cause"]) == (False, None)


def test_the_state_when_nobody_can_tell(app: App) -> None:
    app.gateway.reachable = False
    session = app.gateway.open()
    answer = app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}")
    assert answer.status == 503


def test_looking_at_the_state_is_no_activity(app: App) -> None:
    session = app.gateway.open()
    app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}")
    assert "record" not in app.gateway.calls
