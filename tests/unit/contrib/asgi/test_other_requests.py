"""A request is nobody's but whom it names itself, whatever context it is served in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.fixtures.browser import Browser
from tests.fixtures.impersonation import SESSION
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.context import (
    Impersonation,
    OwnRequest,
    Present,
    current_impersonation,
    entered,
    present_request,
)
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.testing import FakeGateway

App = Callable[[Any, Any, Any], Awaitable[None]]


class Within:
    """Serves each request in the context of another one, which is still at work."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.back: list[Impersonation | None] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        with entered(Present(Impersonation.of(SESSION))):
            await self._app(scope, receive, send)
            self.back.append(current_impersonation())


@pytest.mark.parametrize("headers", [{}, {"Cookie": "x__Host-understudy=1"}, {"Understudy": "1"}])
def test_a_request_without_a_session_is_nobodys_in_any_context(
    gateway: FakeGateway, headers: dict[str, str]
) -> None:
    app = Echo(look=lambda scope: forbid_while_impersonating())
    within = Within(UnderstudyMiddleware(app, understudy=gateway.understudy()))
    assert Browser(within).get("/password", headers).status_code == 200
    assert app.subjects == [None]


def test_the_context_of_whoever_calls_an_app_in_process_comes_back(gateway: FakeGateway) -> None:
    within = Within(UnderstudyMiddleware(Echo(), understudy=gateway.understudy()))
    Browser(within).get("/")
    assert [found.session_id for found in within.back if found] == [SESSION.id]


@pytest.mark.parametrize("error", [None, LookupError])
def test_a_users_own_request_is_known_as_one_until_it_is_over(
    gateway: FakeGateway, error: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AT_WORK, "ever", True)
    during: list[tuple[OwnRequest, bool]] = []
    behind: list[object] = []

    def look(_: object) -> None:
        present = present_request()
        assert isinstance(present, OwnRequest)
        during.append((present, present.over))
        if error is not None:
            raise error

    guard = UnderstudyMiddleware(Echo(look=look), understudy=gateway.understudy())

    async def served(scope: Any, receive: Any, send: Any) -> None:
        with suppress(LookupError):
            await guard(scope, receive, send)
        behind.append(present_request())
        if error is not None:
            await Echo()(scope, receive, send)

    Browser(served).get("/")
    ((own, was_over),) = during
    assert (was_over, own.over, behind) == (False, True, [None])


def test_a_session_of_its_own_counts_in_any_context(gateway: FakeGateway) -> None:
    app, understudy = Echo(), gateway.understudy()
    found: list[Impersonation | None] = []

    def load_user(subject: Any) -> dict[str, str]:
        found.append(current_impersonation())
        return {"id": subject.id}

    guarded = UnderstudyMiddleware(app, understudy=understudy, load_user=load_user)
    Browser(Within(guarded)).get("/", gateway.open(subject_id="77").headers)
    understudy.close()
    assert app.subjects == ["77"]
    assert found == [None]


@pytest.mark.parametrize("kind", ["websocket", "lifespan", "of another kind"])
def test_a_connection_of_any_other_kind_is_nobodys_in_any_context(
    gateway: FakeGateway, kind: str
) -> None:
    found: list[Impersonation | None] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(current_impersonation())

    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def next_told(*_: Any) -> Any:
        return next(told)

    async def nothing(*_: Any) -> Any:
        return None

    within = Within(UnderstudyMiddleware(app, understudy=gateway.understudy()))
    asyncio.run(within({"type": kind, "path": "/", "headers": []}, next_told, nothing))
    assert found == [None]


@pytest.mark.parametrize("cookies_arrive", [True, False])
def test_an_app_that_is_mounted_under_a_middleware_of_its_own_stays_in_the_session(
    gateway: FakeGateway, guarded: Guarded, cookies_arrive: bool
) -> None:
    app = Echo(look=lambda scope: scope["path"] == "/" or forbid_while_impersonating())
    mounted = UnderstudyMiddleware(app, understudy=gateway.understudy())

    async def around(scope: Any, receive: Any, send: Any) -> None:
        headers = scope["headers"] if cookies_arrive else []
        await mounted({**scope, "headers": headers}, receive, send)

    browser, session = guarded(around), gateway.open(subject_id="42")
    assert browser.get("/", session.headers).status_code == 200
    answer = browser.post("/password", session.headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden_while_impersonating"
    assert app.subjects == ["42", "42"]


def test_a_task_of_a_websocket_is_the_subjects_until_its_app_has_returned(
    gateway: FakeGateway,
) -> None:
    async def main() -> list[str | None]:
        over, understudy = asyncio.Event(), gateway.understudy()
        tasks: list[asyncio.Task[str | None]] = []

        async def whom(waits: asyncio.Event | None) -> str | None:
            if waits is not None:
                await waits.wait()
            found = current_impersonation()
            return found.subject.id if found else None

        async def app(scope: Any, receive: Any, send: Any) -> None:
            tasks.append(asyncio.create_task(whom(None)))
            tasks.append(asyncio.create_task(whom(over)))
            await asyncio.wait({tasks[0]})

        async def nothing(*_: Any) -> Any:
            return {"type": "websocket.connect"}

        mine = gateway.open(subject_id="42").headers.items()
        headers = [(b"host", b"a.test"), (b"origin", b"http://a.test")]
        headers += [(name.lower().encode(), value.encode()) for name, value in mine]
        scope = {"type": "websocket", "scheme": "ws", "path": "/", "headers": headers}
        await UnderstudyMiddleware(app, understudy=understudy)(scope, nothing, nothing)
        over.set()
        found = [await task for task in tasks]
        await asyncio.to_thread(understudy.close)
        return found

    assert asyncio.run(main()) == ["42", None]


def test_a_job_behind_the_response_is_the_subjects_and_what_it_leaves_running_is_not(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    seen: list[Impersonation | None] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await Echo()(scope, receive, send)
        seen.append(current_impersonation())
        asyncio.get_running_loop().call_soon(lambda: seen.append(current_impersonation()))

    guarded(app).get("/", gateway.open(subject_id="42").headers)
    assert [found and found.subject.id for found in seen] == ["42", None]
