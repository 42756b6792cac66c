"""Who is let through, as whom, and who is not."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import SetupError
from understudy.sdk.values import Phase
from understudy.testing import ISSUER, FakeGateway


def test_without_an_overlay_the_app_gets_the_very_same_request(guarded: Guarded) -> None:
    app = Echo()
    answer = guarded(app).get("/orders", {"Cookie": "session=agent", "If-None-Match": '"a"'})
    assert answer.text == "hello"
    assert app.subjects == [None]
    assert app.header(b"if-none-match") == [b'"a"']
    assert "understudy-impersonation" not in answer.headers


def test_without_an_overlay_the_scope_is_not_even_copied(guarded: Guarded) -> None:
    app = Echo()
    middleware = UnderstudyMiddleware(app, understudy=FakeGateway().understudy())
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", b"a=b")]}

    async def send(message: Any) -> None:
        del message

    asyncio.run(middleware(scope, send, send))  # type: ignore[arg-type]
    assert app.scopes[0] is scope


def test_a_cookie_that_is_only_named_like_ours_changes_nothing(guarded: Guarded) -> None:
    app = Echo()
    assert guarded(app).get("/", {"Cookie": "x__Host-understudy=1"}).status_code == 200
    assert app.subjects == [None]


def test_an_overlay_makes_the_request_the_subjects(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo()
    session = gateway.open(subject_id="42")
    answer = guarded(app).get("/orders", session.headers)
    assert answer.text == "hello"
    assert app.subjects == ["42"]
    assert answer.headers["understudy-impersonation"] == "1"


def test_the_agents_own_cookies_still_arrive(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo()
    own = f"session=agent; {gateway.open().headers['Cookie']}; theme=dark"
    guarded(app).get("/", {"Cookie": own})
    assert app.header(b"cookie") == [own.encode()]


def test_the_users_own_login_elsewhere_never_inherits_the_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    browser = guarded(app)
    session = gateway.open(subject_id="42")
    browser.get("/", session.headers)
    answer = browser.get("/", {"Cookie": "session=user-42"})
    assert app.subjects == ["42", None]
    assert "understudy-impersonation" not in answer.headers


def test_two_actors_as_one_subject_are_two_sessions(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo()
    browser = guarded(app)
    first = gateway.open(subject_id="42", actor_id="sam")
    second = gateway.open(subject_id="42", actor_id="kim")
    for session in (first, second, first):
        browser.get("/", session.headers)
    assert [found.actor.id for found in app.as_whom if found] == ["sam", "kim", "sam"]
    gateway.revoke(first.id)
    assert browser.get("/", second.headers).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_ended_session_never_writes_as_the_agent(
    gateway: FakeGateway, guarded: Guarded, method: str
) -> None:
    app = Echo()
    browser = guarded(app)
    session = gateway.open()
    gateway.revoke(session.id)
    cookie = {"Cookie": f"session=agent; {session.headers['Cookie']}"}
    answer = browser.request(method, "/orders", cookie)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
    assert answer.json()["cause"] == "revoked"
    assert app.scopes == []


def test_an_unknown_session_never_falls_through_to_the_agent(guarded: Guarded) -> None:
    app = Echo()
    answer = guarded(app).get("/", {"Cookie": "session=agent; __Host-understudy=uss_unknown"})
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
    assert app.scopes == []


def test_a_person_reads_what_happened_and_goes_on_as_themself(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    browser = guarded(app, home="/home")
    session = gateway.open()
    browser.get("/", session.headers)
    gateway.revoke(session.id)
    answer = browser.open("/orders", session.headers)
    assert answer.status_code == 401
    assert "You no longer work as <b>Ada Customer</b>" in answer.text
    assert "was not opened" in answer.text
    assert 'href="/home"' in answer.text
    assert "__Host-understudy=; Path=/; Max-Age=0" in answer.headers["set-cookie"]


def test_a_late_form_is_told_that_nothing_was_saved(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    gateway.revoke(session.id)
    answer = guarded(Echo()).submit("/orders", session.headers)
    assert answer.status_code == 401
    assert "nothing was saved or changed" in answer.text


def test_duplicate_overlay_cookies_are_refused(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo()
    mine = gateway.open().headers["Cookie"]
    theirs = gateway.open().headers["Cookie"]
    answer = guarded(app).get("/", {"Cookie": f"{mine}; {theirs}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "duplicate_cookie")
    assert app.scopes == []


def test_duplicate_overlay_cookies_in_two_headers_are_refused(gateway: FakeGateway) -> None:
    mine = gateway.open().headers["Cookie"].encode()
    app, sent = Echo(), []
    understudy = gateway.understudy()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"cookie", mine), (b"cookie", mine)],
    }

    async def send(message: Any) -> None:
        sent.append(message)

    middleware = UnderstudyMiddleware(app, understudy=understudy)
    asyncio.run(middleware(scope, send, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 400
    assert app.scopes == []


def test_an_overlay_in_the_second_cookie_header_counts(gateway: FakeGateway) -> None:
    overlay = gateway.open().headers["Cookie"].encode()
    app, understudy = Echo(), gateway.understudy()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"cookie", b"session=agent"), (b"cookie", overlay)],
    }

    async def send(message: Any) -> None:
        del message

    asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert app.subjects == ["42"]


def test_on_bearer_paths_the_agents_token_does_not_arrive(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    browser = guarded(app, bearer_paths=["/api/"])
    headers = {**gateway.open(subject_id="42").headers, "Authorization": "Bearer agent"}
    assert browser.get("/api/orders", headers).status_code == 200
    assert (app.subjects, app.header(b"authorization")) == (["42"], [])


@pytest.mark.parametrize("path", ["/orders", "/api/../orders", "/api/%2e%2e/orders", "/api//x"])
def test_elsewhere_a_token_beside_a_session_is_refused(
    gateway: FakeGateway, guarded: Guarded, path: str
) -> None:
    app = Echo()
    browser = guarded(app, bearer_paths=["/api/"])
    headers = {**gateway.open().headers, "Authorization": "Bearer agent"}
    assert browser.get(path, headers).status_code == 400
    assert app.scopes == []


def test_without_a_session_a_token_arrives_on_bearer_paths(guarded: Guarded) -> None:
    app = Echo()
    guarded(app, bearer_paths=["/api/"]).get("/api/orders", {"Authorization": "Bearer user"})
    assert app.header(b"authorization") == [b"Bearer user"]


@pytest.mark.parametrize("authorization", ["Bearer agent", "Basic YTpi", ""])
def test_ambiguous_credentials_are_refused(
    gateway: FakeGateway, guarded: Guarded, authorization: str
) -> None:
    app = Echo()
    headers = {**gateway.open().headers, "Authorization": authorization}
    answer = guarded(app).get("/", headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "ambiguous_credentials")
    assert app.scopes == []


@pytest.mark.parametrize(
    "name",
    [
        "X-Understudy-Subject",
        "x-understudy-actor",
        "X_Understudy_Actor",
        "Understudy-Impersonation",
    ],
)
@pytest.mark.parametrize("impersonating", [True, False])
def test_header_smuggling_of_our_own_names_has_no_effect(
    gateway: FakeGateway, guarded: Guarded, name: str, impersonating: bool
) -> None:
    app = Echo()
    overlay = gateway.open().headers if impersonating else {}
    guarded(app).get("/", {**overlay, name: "admin", "Connection": name})
    assert not any(b"nderstudy" in key for key, _ in app.scopes[0]["headers"])
    assert app.subjects == (["42"] if impersonating else [None])


def test_a_forwarded_address_is_not_believed(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    guarded(Echo()).get("/", {**session.headers, "X-Forwarded-For": "198.51.100.7"})
    assert [action.address for action in gateway.actions(session.id)] == ["127.0.0.1"]


def test_a_safe_action_is_recorded_with_its_outcome(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    guarded(Echo(status=404)).get("/orders?secret=1", {**session.headers, "User-Agent": "curl"})
    (action,) = gateway.actions(session.id)
    assert (action.phase, action.method, action.path) == (Phase.COMPLETED, "GET", "/orders")
    assert (action.status, action.user_agent) == (404, "curl")
    assert action.duration_ms is not None


def test_an_unsafe_action_is_recorded_before_it_runs(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()

    def look(scope: dict[str, Any]) -> None:
        phases = [action.phase for action in gateway.actions(session.id, at_least=0)]
        assert phases == [Phase.INTENDED]

    answer = guarded(Echo(look=look)).post("/orders", session.headers)
    assert answer.status_code == 200
    intended, completed = gateway.actions(session.id, at_least=2)
    assert intended.id == completed.id
    assert (completed.phase, completed.status) == (Phase.COMPLETED, 200)


def test_nothing_unsafe_runs_while_the_log_cannot_be_written(
    gateway: FakeGateway, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Echo()
    browser = guarded(app)
    session = gateway.open()
    browser.get("/", session.headers)
    gateway.wait_for_followers()
    gateway.actions(session.id)
    gateway.reachable = False
    answer = browser.post("/orders", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert len(app.scopes) == 1
    gateway.reachable = True
    (told,) = gateway.actions(session.id, at_least=2)[1:]
    assert (told.phase, told.status, told.method) == (Phase.COMPLETED, 503, "POST")


def test_a_session_that_ended_elsewhere_lets_nothing_begin(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    browser = guarded(app)
    session = gateway.open()
    browser.get("/", session.headers)
    gateway.streaming = False
    gateway.revoke(session.id)
    answer = browser.post("/orders", session.headers)
    assert answer.status_code == 401
    assert len(app.scopes) == 1


def test_a_blocked_action_is_refused_recorded_and_named(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    rule = BlockedAction(method="POST", pattern="/password", label="Change password")
    session = gateway.open(blocked_actions=[rule])
    answer = guarded(app).post("/Password/", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "action_blocked")
    assert "Change password" in answer.json()["detail"]
    assert app.scopes == []
    (action,) = gateway.actions(session.id)
    assert (action.phase, action.rule, action.path) == (
        Phase.BLOCKED,
        "action_blocked",
        "/Password/",
    )


@pytest.mark.parametrize(
    "path",
    ["/password", "/PASSWORD", "//password", "/x/../password", "/%70assword", "/password;a=b"],
)
def test_no_spelling_slips_past_a_blocked_action(
    gateway: FakeGateway, guarded: Guarded, path: str
) -> None:
    rule = BlockedAction(method="POST", pattern="/password", label="Change password")
    session = gateway.open(blocked_actions=[rule])
    app, understudy = Echo(), gateway.understudy()
    del guarded
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "headers": [(n.lower().encode(), v.encode()) for n, v in session.headers.items()],
    }

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert sent[0]["status"] == 403
    assert app.scopes == []


@pytest.mark.parametrize(
    ("headers", "query"),
    [({"X-HTTP-Method-Override": "DELETE"}, ""), ({}, "?_method=delete")],
)
def test_a_method_override_does_not_slip_past_read_only(
    gateway: FakeGateway, guarded: Guarded, headers: dict[str, str], query: str
) -> None:
    session = gateway.open(scope=Scope.READ_ONLY)
    answer = guarded(Echo()).get(f"/orders/7{query}", {**session.headers, **headers})
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only")


def test_read_only_lets_people_look(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open(scope=Scope.READ_ONLY)
    browser = guarded(Echo())
    assert browser.get("/orders", session.headers).status_code == 200
    assert browser.post("/orders", session.headers).json()["code"] == "read_only"


def test_a_blocked_route_is_found_below_a_mount_point(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    rule = BlockedAction(method="GET", pattern="/export", label="Export")
    session = gateway.open(blocked_actions=[rule])
    app, sent = Echo(), []
    understudy = gateway.understudy()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/shop/export",
        "root_path": "/shop",
        "headers": [(b"cookie", session.headers["Cookie"].encode())],
    }

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert sent[0]["status"] == 403


def test_revocation_is_felt_by_the_next_request(gateway: FakeGateway, guarded: Guarded) -> None:
    browser = guarded(Echo())
    session = gateway.open()
    browser.get("/", session.headers)
    gateway.wait_for_followers()
    browser.get("/", session.headers)
    gateway.revoke(session.id)
    assert browser.get("/", session.headers).status_code == 401


def test_a_served_session_is_not_asked_for_again(gateway: FakeGateway, guarded: Guarded) -> None:
    browser = guarded(Echo())
    session = gateway.open()
    browser.get("/", session.headers)
    gateway.wait_for_followers()
    browser.get("/", session.headers)
    asked = gateway.calls.count("refresh")
    for _ in range(3):
        assert browser.get("/", session.headers).status_code == 200
    assert gateway.calls.count("refresh") == asked


def test_without_news_every_request_asks(gateway: FakeGateway, guarded: Guarded) -> None:
    gateway.streaming = False
    browser = guarded(Echo())
    session = gateway.open()
    for _ in range(3):
        assert browser.get("/", session.headers).status_code == 200
    assert gateway.calls.count("refresh") == 3


def test_without_news_and_without_answers_nothing_is_served(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    gateway.reachable = False
    answer = guarded(app).get("/", gateway.open().headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert app.scopes == []


def test_nobody_else_suffers_while_the_service_is_away(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    gateway.reachable = False
    assert guarded(Echo()).get("/", {"Cookie": "session=user"}).status_code == 200
    assert gateway.calls == []


def test_an_answer_of_another_thread_is_waited_for_at_most_a_second(
    gateway: FakeGateway, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from understudy.sdk.passage import steps

    gate = threading.Event()
    monkeypatch.setattr(steps, "ASK_SECONDS", 0.05)
    monkeypatch.setattr(gateway, "refresh", lambda token: gate.wait(5))
    answer = guarded(Echo()).get("/", gateway.open().headers)
    gate.set()
    assert answer.status_code == 503


def test_a_way_in_that_does_not_exist_stops_the_app(guarded: Guarded) -> None:
    with pytest.raises(SetupError) as refused:
        guarded(Echo(), hand_offs=("code", "saml"))
    assert refused.value.code == "setup_error"


def test_ending_works_for_a_browser_without_script(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    browser = guarded(Echo())
    browser.open("/", session.headers)
    answer = browser.submit("/_understudy/end", session.headers)
    assert answer.headers["refresh"] == f"0; url={ISSUER}/ended?session={session.id}"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert gateway.ended(session.id) is EndCause.ENDED_BY_ACTOR
    assert browser.get("/", session.headers).status_code == 401


def test_ending_while_the_service_is_away_is_final_here(
    gateway: FakeGateway, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = gateway.open()
    browser = guarded(Echo())
    browser.get("/", session.headers)
    gateway.reachable = False
    answer = browser.submit("/_understudy/end", session.headers)
    assert "__Host-understudy=; " in answer.headers["set-cookie"]
    gateway.reachable = True
    assert browser.get("/", session.headers).status_code == 401
    assert gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_head_gets_headers_and_no_body(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    gateway.revoke(session.id)
    answer = guarded(Echo()).request("HEAD", "/", session.headers)
    assert (answer.status_code, answer.content) == (401, b"")


def test_shutting_down_sends_what_was_recorded(gateway: FakeGateway) -> None:
    session = gateway.open()
    understudy = gateway.understudy()
    runtime = understudy.runtime()
    runtime.recorder.add(session.id, runtime.action("a-1", Phase.COMPLETED, "GET", "/"))
    sent: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "lifespan.startup"
        await send({"type": "lifespan.startup.complete"})
        assert (await receive())["type"] == "lifespan.shutdown"
        await send({"type": "lifespan.shutdown.complete"})

    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        if message["type"].startswith("lifespan.shutdown"):
            assert [action.id for action in gateway.actions(session.id, at_least=0)] == ["a-1"]
        sent.append(message["type"])

    middleware = UnderstudyMiddleware(app, understudy=understudy)
    asyncio.run(middleware({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_child_process_connects_by_itself(
    gateway: FakeGateway, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = guarded(Echo())
    session = gateway.open()
    browser.get("/", session.headers)
    gateway.wait_for_followers()
    parent, before = os.getpid(), gateway.calls.count("follow")
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: parent + 1)
        assert browser.get("/", session.headers).status_code == 200
        assert gateway.calls.count("refresh") >= 2
        assert gateway.calls.count("follow") == before + 1
        browser._app._understudy.close()  # type: ignore[attr-defined]
