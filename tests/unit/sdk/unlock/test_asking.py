"""How an actor asks for one blocked change: from the page that refused it, or by a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.unit.sdk.visiting import OWN_FORM, App, body
from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.unlock.values import Asked
from understudy.sdk.unlock.wire import packed
from understudy.sdk.visit import Answer
from understudy.testing import FakeSession

REASON = "The customer asked for it on the phone"
WRITE = Write(
    method="POST",
    host="app.test",
    path="/plan",
    media_type="application/json",
    fields=(("plan", '"pro"'),),
)
SCRIPT = (("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty"))
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
ASKED = {"write": packed(WRITE), "reason": REASON}


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    yield app
    app.understudy.close()


@pytest.fixture
def session(app: App) -> FakeSession:
    return app.gateway.open(scope=Scope.READ_ONLY, unlocks=True)


def ask(
    app: App,
    session: FakeSession | None,
    *headers: tuple[str, str],
    sent: bytes = json.dumps(ASKED).encode(),
    kind: str = JSON,
    query: str = "",
) -> Answer:
    return app.visit(
        "POST",
        "/_understudy/unlock",
        *(headers or SCRIPT),
        ("content-type", kind),
        cookie=f"{OVERLAY}={session.token}" if session else None,
        body=sent,
        query=query,
    )


def test_a_script_asks(app: App, session: FakeSession) -> None:
    answer = ask(app, session)
    assert (answer.status, body(answer)["status"]) == (200, "asked")
    assert app.gateway.asked_unlocks(session.id) == [(WRITE, REASON)]


def test_a_person_asks_by_the_form_of_the_page_that_refused(app: App, session: FakeSession) -> None:
    sent, query = urlencode(ASKED).encode(), f"_understudy_page={session.id}"
    answer = ask(app, session, *OWN_FORM, sent=sent, kind=FORM, query=query)
    assert answer.status == 200
    assert b"You asked for this change" in answer.body
    assert app.gateway.asked_unlocks(session.id) == [(WRITE, REASON)]


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (b"{}", JSON, 400),
        (json.dumps({"write": 1, "reason": REASON}).encode(), JSON, 400),
        (json.dumps({"write": ASKED["write"], "reason": 7}).encode(), JSON, 400),
        (json.dumps({"write": "no such thing", "reason": REASON}).encode(), JSON, 400),
        (b"[" * 50_000, JSON, 400),
        (b" " * 300_000, JSON, 400),
        (b"write=%ff", FORM, 400),
        (json.dumps(ASKED).encode(), "text/plain", 415),
    ],
)
def test_what_cannot_be_read_asks_for_nothing(
    app: App, session: FakeSession, sent: bytes, kind: str, status: int
) -> None:
    assert ask(app, session, sent=sent, kind=kind).status == status
    assert app.gateway.asked_unlocks(session.id) == []


def test_another_site_asks_for_nothing(app: App, session: FakeSession) -> None:
    answer = ask(app, session, ("sec-fetch-site", "cross-site"))
    assert (answer.status, body(answer)["code"]) == (403, "cross_site_refused")
    assert app.gateway.asked_unlocks(session.id) == []


def test_a_page_of_another_session_asks_for_nothing(app: App, session: FakeSession) -> None:
    answer = ask(app, session, query="_understudy_page=ses_another")
    assert body(answer)["code"] == "page_of_another_session"
    assert app.gateway.asked_unlocks(session.id) == []


def test_whoever_holds_no_session_asks_for_nothing(app: App, session: FakeSession) -> None:
    assert body(ask(app, None))["code"] == "session_over"
    app.gateway.revoke(session.id)
    answer = ask(app, session)
    assert (answer.status, body(answer)["code"]) == (401, "session_over")
    page = ask(app, session, *OWN_FORM, sent=urlencode(ASKED).encode(), kind=FORM)
    assert b"This was not asked for" in page.body


def test_a_service_that_cannot_be_reached_was_not_asked(app: App, session: FakeSession) -> None:
    assert ask(app, session).status == 200
    app.gateway.reachable = False
    assert (ask(app, session).status, body(ask(app, session))["code"]) == (503, "unavailable")


def test_what_policies_allow_at_once_is_said_so(
    app: App, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = Asked(id="unl_1", status="allowed")
    monkeypatch.setattr(app.gateway, "ask_unlock", lambda *_, **__: allowed)
    page = ask(app, session, *OWN_FORM, sent=urlencode(ASKED).encode(), kind=FORM)
    assert b"This change is allowed" in page.body
    assert b"<p>Send the form again" in page.body
