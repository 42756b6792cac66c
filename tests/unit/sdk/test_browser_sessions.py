"""The session that the browser of a visit holds."""

from __future__ import annotations

import pytest

from tests.unit.sdk.visiting import App, body
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import Unavailable
from understudy.sdk.browser_sessions import BrowserSessions, holds_overlay
from understudy.sdk.cache import Ended, Held
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.later import Later
from understudy.sdk.secret import Secret
from understudy.sdk.visit import Answer, Visit
from understudy.testing import FakeSession

NOBODY_KNOWS = Answer(status=503)


class Looked:
    """Looks a session up, and keeps what was found."""

    def __init__(self, app: App) -> None:
        self.sessions = BrowserSessions(app.understudy.runtime)
        self.found: list[Held | Ended] = []

    def look(self, session: FakeSession) -> Answer | Later:
        return self.sessions.look(token(session), self._answer, unknown=lambda: NOBODY_KNOWS)

    def _answer(self, found: Held | Ended) -> Answer:
        self.found.append(found)
        return Answer()


def token(session: FakeSession) -> Secret:
    return Secret(session.token)


@pytest.fixture
def looked(app: App) -> Looked:
    return Looked(app)


def test_the_service_is_asked_once_and_then_this_process_knows(app: App, looked: Looked) -> None:
    session = app.gateway.open()
    assert looked.sessions.session(token(session)) is None
    asked = looked.look(session)
    assert isinstance(asked, Later)
    asked.future.exception(5)
    asked.answer()
    assert isinstance(looked.look(session), Answer)
    assert [held.session.id for held in looked.found if isinstance(held, Held)] == [session.id] * 2
    assert app.gateway.calls.count("refresh") == 1
    known = looked.sessions.session(token(session))
    assert known is not None
    assert known.id == session.id


def test_while_too_many_wait_for_the_service_nothing_is_found_at_once(
    app: App, looked: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = app.gateway.open()

    def full(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(app.understudy.runtime().calls, "share", full)
    assert looked.look(session) is NOBODY_KNOWS


@pytest.mark.parametrize("waited", [True, False])
def test_without_the_services_word_nothing_is_found(app: App, looked: Looked, waited: bool) -> None:
    app.gateway.reachable = False
    asked = looked.look(app.gateway.open())
    assert isinstance(asked, Later)
    asked.future.exception(5)
    assert (asked.answer() if waited else asked.abandon()) is NOBODY_KNOWS
    assert looked.found == []


@pytest.mark.parametrize("known", [True, False])
def test_an_end_holds_here_at_once_and_reaches_the_service(
    app: App, looked: Looked, known: bool
) -> None:
    session = app.gateway.open()
    if known:
        asked = looked.look(session)
        assert isinstance(asked, Later)
        asked.future.exception(5)
    looked.sessions.end(token(session), EndCause.REPLACED)
    found = looked.sessions.known(token(session))
    assert isinstance(found, Ended)
    assert found.cause is EndCause.REPLACED
    assert app.gateway.wait_until_ended(session.id) is EndCause.REPLACED


def test_two_cookies_are_refused(app: App) -> None:
    answer = app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}=a; {OVERLAY}=b")
    assert (answer.status, body(answer)["code"]) == (400, "malformed_request")


@pytest.mark.parametrize(
    ("cookie", "held"),
    [
        ("", False),
        ("__Host-understudy-epoch=1; understudy-page=own", False),
        (f"{OVERLAY}=uss_1", True),
        (f"a=b; {OVERLAY}=", True),
        (f"{OVERLAY}=a; {OVERLAY}=b", True),
    ],
)
def test_any_overlay_is_one_whatever_it_holds(cookie: str, held: bool) -> None:
    headers = (("cookie", cookie),)
    visit = Visit(method="POST", origin="https://app.test", base="", headers=headers)
    assert holds_overlay(visit) is held
