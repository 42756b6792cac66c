"""WebSockets on a real server: judged, recorded, and closed when their session is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.integration.sdk.conftest import Serve
from understudy import current_impersonation, forbid_while_impersonating
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway, FakeSession


class Chat:
    """Says whose socket it is, then echoes; remembers how it was closed."""

    def __init__(self) -> None:
        self.closed_with: list[int] = []

    async def talk(self, socket: WebSocket) -> None:
        await socket.accept()
        impersonation = current_impersonation()
        await socket.send_text(impersonation.subject.id if impersonation else "themself")
        try:
            while True:
                await socket.send_text(await socket.receive_text())
        except WebSocketDisconnect as closed:
            self.closed_with.append(closed.code)


def app_with(chat: Callable[[WebSocket], Coroutine[Any, Any, None]]) -> Starlette:
    return Starlette(routes=[WebSocketRoute("/chat/{room}", chat)])


def socket_to(port: int, session: FakeSession | None, origin: str | None = "own") -> Any:
    return connect(
        f"ws://127.0.0.1:{port}/chat/7",
        additional_headers=session.headers if session else {},
        origin=f"http://127.0.0.1:{port}" if origin == "own" else origin,  # type: ignore[arg-type]
        proxy=None,
    )


async def closing(socket: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        await asyncio.wait_for(socket.recv(), 5)
    return socket.close_code, socket.close_reason


async def refused(port: int, session: FakeSession, origin: str | None = "own") -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as refusal:
        await socket_to(port, session, origin)
    response = refusal.value.response
    return response.status_code, (response.body or b"").decode()


def test_a_users_own_socket_is_left_alone(serve: Serve) -> None:
    async def main(port: int) -> None:
        async with socket_to(port, None, origin=None) as socket:
            assert await socket.recv() == "themself"

    asyncio.run(main(serve(app_with(Chat().talk))))


def test_a_socket_of_a_session_is_the_subjects(gateway: FakeGateway, serve: Serve) -> None:
    async def main(port: int) -> None:
        async with socket_to(port, gateway.open(subject_id="42")) as socket:
            assert await socket.recv() == "42"
            await socket.send("hello")
            assert await socket.recv() == "hello"

    asyncio.run(main(serve(app_with(Chat().talk))))


def test_a_socket_is_recorded_before_it_opens_and_when_it_closes(
    gateway: FakeGateway, serve: Serve
) -> None:
    session = gateway.open()

    async def main(port: int) -> None:
        async with socket_to(port, session) as socket:
            await socket.recv()
            assert [action.phase for action in gateway.actions(session.id)] == [Phase.INTENDED]

    asyncio.run(main(serve(app_with(Chat().talk))))
    intended, completed = gateway.actions(session.id, at_least=2)
    assert (intended.method, intended.path) == ("WEBSOCKET", "/chat/7")
    assert (completed.id, completed.status) == (intended.id, 101)
    assert completed.route == "/chat/{room}"


def test_an_idle_socket_is_closed_at_once_upon_revocation(
    gateway: FakeGateway, serve: Serve
) -> None:
    chat, session = Chat(), gateway.open()

    async def main(port: int) -> tuple[int | None, str | None]:
        async with socket_to(port, session) as socket:
            await socket.recv()
            await asyncio.to_thread(gateway.wait_for_followers)
            gateway.revoke(session.id)
            return await closing(socket)

    code, reason = asyncio.run(main(serve(app_with(chat.talk))))
    assert code == 4401
    assert reason == "Somebody with the right to do so revoked it."
    assert chat.closed_with == [4401]


def test_an_idle_socket_is_closed_when_the_time_is_up(gateway: FakeGateway, serve: Serve) -> None:
    session = gateway.open(minutes=0.5 / 60)

    async def main(port: int) -> tuple[int | None, str | None]:
        async with socket_to(port, session) as socket:
            await socket.recv()
            return await closing(socket)

    code, reason = asyncio.run(main(serve(app_with(Chat().talk))))
    assert (code, reason) == (4401, "Its time was up.")


def test_an_app_that_never_listens_is_closed_all_the_same(
    gateway: FakeGateway, serve: Serve
) -> None:
    session = gateway.open()
    stopped: list[str] = []

    async def talker(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text("news")
                await asyncio.sleep(0)
        finally:
            stopped.append("talker")

    async def main(port: int) -> int | None:
        async with socket_to(port, session) as socket:
            await socket.recv()
            await asyncio.to_thread(gateway.wait_for_followers)
            gateway.revoke(session.id)
            with suppress(ConnectionClosed):
                async with asyncio.timeout(5):
                    async for _ in socket:
                        pass
            code: int | None = socket.close_code
            return code

    assert asyncio.run(main(serve(app_with(talker)))) == 4401
    assert [a.phase for a in gateway.actions(session.id, at_least=2)][-1] is Phase.COMPLETED
    assert stopped == ["talker"]


@pytest.mark.parametrize("origin", [None, "https://evil.test", "http://127.0.0.1", "null"])
def test_a_socket_from_another_site_is_refused(
    gateway: FakeGateway, serve: Serve, origin: str | None
) -> None:
    chat, session = Chat(), gateway.open()
    status, body = asyncio.run(refused(serve(app_with(chat.talk)), session, origin))
    assert status == 403
    assert "origin_refused" in body
    (action,) = gateway.actions(session.id)
    assert (action.phase, action.rule) == (Phase.BLOCKED, "origin_refused")


def test_read_only_opens_no_socket(gateway: FakeGateway, serve: Serve) -> None:
    session = gateway.open(scope=Scope.READ_ONLY)
    status, body = asyncio.run(refused(serve(app_with(Chat().talk)), session))
    assert status == 403
    assert "read_only" in body


def test_a_blocked_socket_is_refused(gateway: FakeGateway, serve: Serve) -> None:
    rule = BlockedAction(method="GET", pattern="/chat/**", label="Chat")
    session = gateway.open(blocked_actions=[rule])
    status, body = asyncio.run(refused(serve(app_with(Chat().talk)), session))
    assert status == 403
    assert "action_blocked" in body


def test_an_ended_session_opens_no_socket(gateway: FakeGateway, serve: Serve) -> None:
    session = gateway.open()
    gateway.revoke(session.id)
    status, body = asyncio.run(refused(serve(app_with(Chat().talk)), session))
    assert status == 401
    assert "session_over" in body


def test_no_socket_opens_while_the_log_cannot_be_written(
    gateway: FakeGateway, serve: Serve
) -> None:
    session, port = gateway.open(), serve(app_with(Chat().talk))

    async def main() -> tuple[int, str]:
        async with socket_to(port, session) as socket:
            await socket.recv()
        await asyncio.to_thread(gateway.wait_for_followers)
        async with socket_to(port, session) as socket:
            await socket.recv()
        await asyncio.to_thread(gateway.actions, session.id, at_least=4)
        gateway.reachable = False
        return await refused(port, session)

    status, body = asyncio.run(main())
    gateway.reachable = True
    assert status == 503
    assert "unavailable" in body


def test_no_socket_opens_unrecorded(gateway: FakeGateway, serve: Serve) -> None:
    gateway.reachable = False
    status, _ = asyncio.run(refused(serve(app_with(Chat().talk)), gateway.open()))
    gateway.reachable = True
    assert status == 503


def test_a_forbidden_socket_is_refused(gateway: FakeGateway, serve: Serve) -> None:
    session = gateway.open()

    @forbid_while_impersonating
    async def private(socket: WebSocket) -> None:
        await socket.accept()

    status, _ = asyncio.run(refused(serve(app_with(private)), session))
    assert status == 403
    assert [action.rule for action in gateway.actions(session.id, at_least=2)] == [
        None,
        "forbidden_while_impersonating",
    ]


def test_a_socket_that_comes_upon_something_forbidden_is_closed(
    gateway: FakeGateway, serve: Serve
) -> None:
    session = gateway.open()

    async def private(socket: WebSocket) -> None:
        await socket.accept()
        forbid_while_impersonating()

    async def main(port: int) -> int | None:
        async with socket_to(port, session) as socket:
            return (await closing(socket))[0]

    assert asyncio.run(main(serve(app_with(private)))) == 1008


def test_an_error_of_the_app_stays_an_error(gateway: FakeGateway, serve: Serve) -> None:
    async def broken(socket: WebSocket) -> None:
        await socket.accept()
        raise LookupError("a bug in the app")

    async def main(port: int) -> int | None:
        async with socket_to(port, gateway.open()) as socket:
            return (await closing(socket))[0]

    assert asyncio.run(main(serve(app_with(broken)))) in (1006, 1011)


def test_a_socket_for_nobody_the_app_knows_ends_the_session(
    gateway: FakeGateway, serve: Serve
) -> None:
    session = gateway.open()
    port = serve(app_with(Chat().talk), load_user=lambda subject: None)
    status, body = asyncio.run(refused(port, session))
    assert status == 401
    assert "identity_not_applied" in body
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_our_own_addresses_speak_no_websocket(gateway: FakeGateway, serve: Serve) -> None:
    port = serve(app_with(Chat().talk))

    async def main() -> int:
        with pytest.raises(InvalidStatus) as refusal:
            await connect(f"ws://127.0.0.1:{port}/_understudy/events", proxy=None)
        return refusal.value.response.status_code

    assert asyncio.run(main()) == 404
