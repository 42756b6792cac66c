"""One impersonated HTTP request, when all goes well and when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway, FakeSession


def scope_of(session: FakeSession, **changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"cookie", session.headers["Cookie"].encode())],
        **changes,
    }


class Talk:
    """One request whose messages a test can watch while they come."""

    def __init__(self, gateway: FakeGateway, app: Any) -> None:
        self.gateway = gateway
        self.understudy = gateway.understudy()
        self.middleware = UnderstudyMiddleware(app, understudy=self.understudy)
        self.sent: list[Any] = []
        self.arrived = asyncio.Event()

    async def receive(self) -> Any:
        await asyncio.Event().wait()

    async def send(self, message: Any) -> None:
        self.sent.append(message)
        self.arrived.set()

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not happened():
                self.arrived.clear()
                await self.arrived.wait()

    def task(self, scope: dict[str, Any]) -> asyncio.Task[None]:
        return asyncio.create_task(self.middleware(scope, self.receive, self.send))


def test_an_error_of_the_app_stays_an_error_and_is_recorded(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("a bug in the app")

    session = gateway.open()
    with pytest.raises(LookupError):
        guarded(app).get("/", session.headers)
    (action,) = gateway.actions(session.id)
    assert (action.phase, action.status) == (Phase.COMPLETED, 500)


def test_an_error_behind_the_first_part_keeps_the_status_that_was_sent(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError("a bug in the app")

    session = gateway.open()
    with pytest.raises(LookupError):
        guarded(app).get("/", session.headers)
    assert [action.status for action in gateway.actions(session.id)] == [200]


def test_a_forbidden_view_is_refused_and_recorded_as_blocked(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    app = Echo(look=lambda scope: forbid_while_impersonating())
    answer = guarded(app).post("/password", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_while_impersonating")
    intended, blocked = gateway.actions(session.id, at_least=2)
    assert (intended.phase, blocked.phase) == (Phase.INTENDED, Phase.BLOCKED)
    assert intended.id == blocked.id
    assert (blocked.rule, blocked.status) == ("forbidden_while_impersonating", 403)


def test_a_forbidden_view_shows_people_a_page_with_the_banner(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo(look=lambda scope: forbid_while_impersonating())
    answer = guarded(app).open("/password", gateway.open().headers)
    assert answer.status_code == 403
    assert "<understudy-banner" in answer.text
    assert "Only the user themself may" in answer.text


def test_a_framework_that_hides_the_refusal_does_not_get_away_with_it(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            forbid_while_impersonating()
        except Exception:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"Internal Server Error"})

    answer = guarded(app).get("/password", gateway.open().headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_while_impersonating")


def test_a_framework_that_wraps_the_refusal_does_not_get_away_with_it(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            forbid_while_impersonating()
        except Exception as error:
            raise RuntimeError("wrapped") from error

    answer = guarded(app).get("/password", gateway.open().headers)
    assert answer.status_code == 403


def test_a_forbidden_view_serves_users_themselves(guarded: Guarded) -> None:
    app = Echo(look=lambda scope: forbid_while_impersonating())
    assert guarded(app).post("/password").status_code == 200


def test_what_is_done_behind_the_response_belongs_to_the_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    from understudy.sdk.context import current_impersonation

    later: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await Echo()(scope, receive, send)
        later.append(current_impersonation())

    guarded(app).get("/", gateway.open(subject_id="42").headers)
    assert later[0].subject.id == "42"


def test_an_action_is_complete_when_its_answer_is_and_not_when_its_jobs_are(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await Echo()(scope, receive, send)
        assert [action.status for action in gateway.actions(session.id)] == [200]

    guarded(app).get("/", session.headers)
    assert len(gateway.actions(session.id)) == 1


def test_a_stream_is_cut_at_once_when_its_session_is_revoked(gateway: FakeGateway) -> None:
    cleaned: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append("up")

    async def main() -> None:
        talk, session = Talk(gateway, app), gateway.open()
        task = talk.task(scope_of(session))
        await talk.until(lambda: len(talk.sent) == 2)
        gateway.wait_for_followers()
        gateway.revoke(session.id)
        await asyncio.wait_for(task, 5)
        assert [message.get("body") for message in talk.sent] == [None, b"first"]
        assert (await asyncio.to_thread(gateway.actions, session.id))[-1].status == 200
        await asyncio.to_thread(talk.understudy.close)

    asyncio.run(main())
    assert cleaned == ["up"]


def test_a_stream_that_somebody_else_cancels_is_cancelled(gateway: FakeGateway) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await asyncio.Event().wait()

    async def main() -> None:
        talk = Talk(gateway, app)
        task = talk.task(scope_of(gateway.open()))
        await talk.until(lambda: len(talk.sent) == 2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(talk.understudy.close)

    asyncio.run(main())


def test_a_stream_stays_intact_while_its_session_lives(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    parts = [b"a" * 1000 for _ in range(50)]
    answer = guarded(Echo(parts)).get("/", gateway.open().headers)
    assert answer.content == b"a" * 50_000


def test_a_stream_is_cut_when_nobody_can_tell_any_more(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from understudy.contrib.asgi import watch

    monkeypatch.setattr(watch, "FRESH_SECONDS", 0.05)
    gateway.streaming = False

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        gateway.reachable = False
        await asyncio.Event().wait()

    async def main() -> None:
        talk = Talk(gateway, app)
        await asyncio.wait_for(talk.task(scope_of(gateway.open())), 5)
        gateway.reachable = True
        await asyncio.to_thread(talk.understudy.close)

    asyncio.run(main())


def test_what_was_read_when_the_session_ended_is_not_shown(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()

    def look(scope: dict[str, Any]) -> None:
        gateway.wait_for_followers()
        gateway.revoke(session.id)

    answer = guarded(Echo(b"secrets", look=look)).get("/", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
    assert [action.rule for action in gateway.actions(session.id)] == ["session_over"]


def test_an_end_of_which_the_intent_tells_first_keeps_its_cause(
    gateway: FakeGateway, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.streaming = False
    session = gateway.open()
    record = gateway.record

    def over_by_then(*args: Any, **more: Any) -> None:
        gateway.revoke(session.id, EndCause.ACTOR_INACTIVE)
        record(*args, **more)

    monkeypatch.setattr(gateway, "record", over_by_then)
    app = Echo()
    answer = guarded(app).post("/orders", session.headers)
    assert (answer.status_code, answer.json()["cause"]) == (401, "actor_inactive")
    assert app.scopes == []


def test_a_view_that_runs_when_its_session_ends_may_finish(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    app = Echo(b"done", look=lambda scope: gateway.revoke(session.id, EndCause.REVOKED))
    browser = guarded(app)
    assert browser.post("/", session.headers).text == "done"
    assert browser.post("/", session.headers).status_code == 401


def test_a_log_that_takes_too_long_lets_nothing_begin(
    gateway: FakeGateway, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from understudy.sdk.passage import action_log

    gate = threading.Event()
    record = gateway.record

    def slow(*args: Any, **kwargs: Any) -> None:
        gate.wait(5)
        record(*args, **kwargs)

    monkeypatch.setattr(action_log, "INTENT_SECONDS", 0.05)
    monkeypatch.setattr(gateway, "record", slow)
    app, session = Echo(), gateway.open()
    answer = guarded(app).post("/", session.headers)
    assert answer.status_code == 503
    assert app.scopes == []
    gate.set()
    outcomes = {(a.phase, a.status) for a in gateway.actions(session.id, at_least=2)}
    assert outcomes == {(Phase.INTENDED, None), (Phase.COMPLETED, 503)}
