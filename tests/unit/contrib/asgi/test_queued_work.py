"""Work that a request puts into a queue, for a worker that was there before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from understudy import (
    current_impersonation,
    forbid_while_impersonating,
    impersonation_of,
    on_behalf_of,
)
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.errors import UnderstudyError
from understudy.testing import FakeGateway, FakeSession

Event = Callable[[dict[str, Any]], object]


class QueueingApp:
    """Answers each request with what became of its ``event``, as Gradio does."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._queue: asyncio.Queue[tuple[Any, asyncio.Future[object]]] = asyncio.Queue()

    async def work(self) -> None:
        """The worker, started by nobody."""
        while True:
            scope, done = await self._queue.get()
            try:
                done.set_result(self._event(scope))
            except UnderstudyError as error:
                done.set_result(error.code)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        await self._queue.put((scope, done))
        body = json.dumps(await done).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


def outcomes(gateway: FakeGateway, event: Event, *sessions: FakeSession | None) -> list[Any]:
    """What becomes of ``event`` in a request of each session, one after another."""
    understudy = gateway.understudy()

    async def ask(guarded: Callable[..., Awaitable[None]], session: FakeSession | None) -> Any:
        cookie = session.headers["Cookie"].encode() if session else b"own=1"
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookie)]}
        said: list[bytes] = []

        async def send(message: Any) -> None:
            said.append(message.get("body", b""))

        async def receive() -> Any:
            return {"type": "http.request"}

        await guarded(scope, receive, send)
        return json.loads(b"".join(said))

    async def main() -> list[Any]:
        app = QueueingApp(event)
        worker = asyncio.create_task(app.work())
        guarded = UnderstudyMiddleware(app, understudy=understudy)
        try:
            return [await ask(guarded, session) for session in sessions]
        finally:
            worker.cancel()
            await asyncio.to_thread(understudy.close)

    return asyncio.run(main())


@forbid_while_impersonating
def change_password() -> str:
    return "changed"


@forbid_while_impersonating
def change_password_of(scope: object) -> str:
    return "changed"


def whom() -> str | None:
    found = current_impersonation()
    return found.subject.id if found else None


def test_an_event_knows_by_its_request_whose_it_is(gateway: FakeGateway) -> None:
    def event(scope: dict[str, Any]) -> object:
        found = impersonation_of(scope)
        return [whom(), found and found.subject.id]

    session = gateway.open(subject_id="42")
    assert outcomes(gateway, event, session, None) == [[None, "42"], [None, None]]


def test_what_is_forbidden_is_refused_in_a_queue_with_the_request_or_without(
    gateway: FakeGateway,
) -> None:
    session, code = gateway.open(), "forbidden_while_impersonating"
    assert outcomes(gateway, change_password_of, session) == [code]
    assert outcomes(gateway, lambda scope: change_password(), session) == [code]


def test_an_event_that_says_on_whose_behalf_it_runs_is_treated_as_its_request(
    gateway: FakeGateway,
) -> None:
    def event(scope: dict[str, Any]) -> object:
        with on_behalf_of(scope):
            return [whom(), change_password()] if whom() is None else whom()

    session = gateway.open(subject_id="42")
    assert outcomes(gateway, event, session, None) == ["42", [None, "changed"]]


def test_an_event_of_a_session_that_has_ended_meanwhile_does_not_run(gateway: FakeGateway) -> None:
    session = gateway.open()
    ran: list[str | None] = []

    def event(scope: dict[str, Any]) -> object:
        gateway.wait_for_followers()
        gateway.revoke(session.id)
        with on_behalf_of(scope):
            ran.append(whom())
        return "ran"

    outcomes(gateway, event, session)
    assert ran == []


def test_users_themselves_do_what_is_forbidden_while_others_are_impersonated(
    gateway: FakeGateway,
) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/password":
            seen.append(change_password())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def nothing(*_: Any) -> Any:
        return {"type": "http.request"}

    async def main() -> None:
        understudy = gateway.understudy()
        guarded = UnderstudyMiddleware(app, understudy=understudy)
        cookie = gateway.open().headers["Cookie"].encode()
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", cookie)]}
        await guarded(scope, nothing, nothing)
        for headers in ([], [(b"x-understudy-actor", b"me")]):
            own = {"type": "http", "method": "GET", "path": "/password", "headers": headers}
            await guarded(own, nothing, nothing)
        await asyncio.to_thread(understudy.close)

    asyncio.run(main())
    assert seen == ["changed", "changed"]
