"""A page acts for whom it was opened and for nobody else, on the app's own host."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fixtures.browser import PAGE, Browser
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from tests.unit.contrib.asgi.knowing import AGENT, KNOWN, OF_ANOTHER, cookie, refusal
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNMARKED = (409, "page_unmarked")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_page_of_one_session_does_nothing_in_another(
    gateway: FakeGateway, guarded: Guarded, method: str
) -> None:
    a, b = gateway.open(subject_id="1"), gateway.open(subject_id="2")
    app = Echo()
    answer = guarded(app).request(method, f"/orders?_understudy_page={a.id}", cookie(b))
    assert refusal(answer) == OF_ANOTHER
    assert app.scopes == []
    (blocked,) = gateway.actions(b.id, phase=Phase.BLOCKED)
    assert (blocked.rule, blocked.path) == ("page_of_another_session", "/orders")


@pytest.mark.parametrize("headers", [AGENT, KNOWN, {}])
def test_nor_as_the_agent_once_its_session_is_over(
    guarded: Guarded, headers: dict[str, str]
) -> None:
    app = Echo()
    answer = guarded(app).post("/orders?_understudy_page=ses_over", headers)
    assert refusal(answer) == OF_ANOTHER
    assert app.scopes == []


def test_nor_does_the_agents_own_page_do_anything_in_a_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    answer = guarded(app).post("/orders?_understudy_page=own", cookie(gateway.open()))
    assert refusal(answer) == OF_ANOTHER
    assert app.scopes == []


def test_without_a_mark_nothing_is_changed_while_there_are_pages_of_several_people(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    browser = guarded(app)
    assert refusal(browser.post("/orders", cookie(session))) == UNMARKED
    assert refusal(browser.post("/orders", KNOWN)) == UNMARKED
    assert refusal(browser.get("/orders?_method=DELETE", cookie(session))) == UNMARKED
    assert app.scopes == []
    assert browser.post("/orders", AGENT).status_code == 200
    assert browser.get("/orders", KNOWN).status_code == 200
    assert browser.get("/orders", cookie(session)).status_code == 200
    assert app.subjects == [None, None, "42"]


def test_a_refused_page_keeps_no_session_alive(gateway: FakeGateway, guarded: Guarded) -> None:
    understudy, session = gateway.understudy(), gateway.open()
    browser = Browser(UnderstudyMiddleware(Echo(), understudy=understudy))
    browser.get("/", cookie(session))
    held = understudy.runtime().cache.session_of(session.id)
    assert held is not None
    (found,) = understudy.runtime().cache._live.values()
    before = found.idle_until
    browser.post("/?_understudy_page=ses_other", cookie(session))
    assert found.idle_until == before
    understudy.close()


@pytest.mark.parametrize(
    "kind", ["application/csp-report", "application/reports+json", "text/ping"]
)
def test_what_a_browser_reports_by_itself_reaches_nobody(
    gateway: FakeGateway, guarded: Guarded, kind: str
) -> None:
    app, session = Echo(), gateway.open()
    browser = guarded(app)
    for headers in (cookie(session), KNOWN):
        answer = browser.post("/csp", {**headers, "Content-Type": kind})
        assert (answer.status_code, answer.content) == (204, b"")
    assert app.scopes == []
    assert browser.post("/csp", {**AGENT, "Content-Type": kind}).status_code == 200


def test_paths_that_need_no_mark_are_named(gateway: FakeGateway, guarded: Guarded) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    browser = guarded(app, unmarked_ok=["/paid/"])
    assert browser.post("/paid/1", cookie(session)).status_code == 200
    assert browser.post("/paid/1", KNOWN).status_code == 200
    assert app.subjects == ["42", None]
    assert refusal(browser.post("/paid/../orders", cookie(session))) == UNMARKED
    stale = browser.post("/paid/1?_understudy_page=ses_x", cookie(session))
    assert refusal(stale) == OF_ANOTHER


def test_a_person_is_told_for_whom_before_reading_changes_something(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    browser = guarded(app, writes_by_get=["/unsubscribe"])
    answer = browser.open("/unsubscribe?list=1", cookie(session))
    assert answer.status_code == 409
    assert "It will be done for <b>Ada Customer</b>" in answer.text
    assert f'href="/unsubscribe?list=1&amp;_understudy_page={session.id}"' in answer.text
    assert app.scopes == []
    mine = browser.open("/unsubscribe?list=1", KNOWN)
    assert "for <b>yourself</b>" in mine.text
    assert 'href="/unsubscribe?list=1&amp;_understudy_page=own"' in mine.text
    assert refusal(browser.get("/unsubscribe", KNOWN)) == UNMARKED
    assert browser.open("/unsubscribe?_understudy_page=own", KNOWN).status_code == 200
    assert browser.open("/unsubscribe", AGENT).status_code == 200
    assert app.scopes[0]["query_string"] == b""


def test_a_socket_needs_a_mark_too(gateway: FakeGateway) -> None:
    app, understudy, session = Echo(), gateway.understudy(), gateway.open()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    for query in (b"", b"_understudy_page=ses_x"):
        headers = [(b"host", b"a.test"), (b"origin", b"http://a.test")]
        headers.append((b"cookie", cookie(session)["Cookie"].encode()))
        scope = {"type": "websocket", "path": "/", "headers": headers, "query_string": query}
        asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert app.scopes == []
    assert [message["type"] for message in sent] == ["websocket.close", "websocket.close"]


def test_a_session_that_is_over_is_told_first(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    gateway.revoke(session.id)
    answer = guarded(Echo()).post("/?_understudy_page=ses_x", cookie(session))
    assert refusal(answer) == (401, "session_over")


def test_at_a_sessions_own_origin_nobody_elses_page_is_open(gateway: FakeGateway) -> None:
    label = "understudy-" + "a" * 26
    session = gateway.open(origin=f"https://{label}.view.example")
    understudy = gateway.understudy(session_origins="https://*.view.example")
    app = Echo(b"<html><body>x", headers=[(b"content-type", b"text/html")])
    browser = Browser(UnderstudyMiddleware(app, understudy=understudy))
    headers = {"Cookie": session.headers["Cookie"], "Host": f"{label}.view.example"}
    assert browser.post("/", headers).status_code == 200
    page = browser.open("/", headers)
    assert "understudy-banner" in page.text
    assert "page.js" not in page.text
    assert "understudy-page" not in page.headers.get("set-cookie", "")
    understudy.close()


def test_the_page_says_whose_it_was_and_gives_back_what_was_typed(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    a, b = gateway.open(subject_name="Ada"), gateway.open(subject_name="Bob <b>")
    browser = guarded(Echo())
    browser.get("/", cookie(a))
    answer = browser.request(
        "POST",
        f"/letters?_understudy_page={a.id}",
        {**PAGE, **cookie(b), **FORM},
        content=b"text=Dear+Ada%2C%0A%3Cb%3E&password=geheim",
    )
    assert answer.status_code == 409
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "opened <b>as Ada</b>" in answer.text
    assert "now works as <b>Bob &lt;b&gt;</b>" in answer.text
    assert "was not carried out" in answer.text
    assert "Dear Ada,\n&lt;b&gt;</textarea>" in answer.text
    assert "geheim" not in answer.text


def test_a_page_of_another_leads_to_what_it_asked_for_as_whoever_it_is_now(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    answer = guarded(Echo()).open("/orders?a=%20b&_understudy_page=own", cookie(gateway.open()))
    assert answer.status_code == 409
    assert "opened <b>as yourself</b>" in answer.text
    assert 'href="/orders?a=%20b">Open it as Ada Customer</a>' in answer.text


def test_no_more_of_a_form_is_read_than_is_given_back(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    answer = guarded(Echo()).request(
        "POST", "/", {**PAGE, **cookie(gateway.open()), **FORM}, content=b"a=" + b"x" * 200_000
    )
    assert answer.status_code == 409
    assert "It does not say whose page it comes from" in answer.text
    assert 65_000 < len(answer.text) < 75_000


def test_read_only_sessions_are_no_exception(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open(scope=Scope.READ_ONLY)
    browser = guarded(Echo())
    assert refusal(browser.get("/?_understudy_page=own", cookie(session))) == OF_ANOTHER
    assert refusal(browser.post("/", session.headers)) == (403, "read_only")


def test_a_page_that_cannot_be_marked_says_so(gateway: FakeGateway, guarded: Guarded) -> None:
    html = (b"content-type", b"text/html")
    hashes = (b"content-security-policy", b"script-src 'sha256-AAAA'")
    own = (b"content-security-policy", b"script-src 'self'")
    said = "nothing can be sent from it"
    headers = gateway.open().headers
    assert said in guarded(Echo(b"<body>x", headers=[html, hashes])).open("/", headers).text
    assert said not in guarded(Echo(b"<body>x", headers=[html, own])).open("/", headers).text
