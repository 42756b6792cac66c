"""The app and a service on two sides of a real network, and what becomes of it when that breaks."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fixtures.asgi_server import served
from tests.fixtures.refusals import refusal_of
from tests.unit.sdk.test_wire import ANSWER
from understudy import Understudy, errors
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.remote import RemoteGateway
from understudy.sdk.secret import Secret
from understudy.sdk.values import Beat, SessionClosed

TOKEN = ANSWER["session_token"]
OVERLAY = {"Cookie": f"__Host-understudy={TOKEN}", "Understudy-Page": "ses_1"}


class Service:
    """Speaks the native API for one session; a test may end it, or make it silent."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.batches: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.over = False
        self.hangs = False
        self.news = threading.Event()
        self.recorded = threading.Event()
        self.streams = 0
        self.resumed_from: list[str | None] = []
        self.app = Starlette(
            routes=[
                Route("/api/v1/sessions/refresh", self.refresh, methods=["POST"]),
                Route("/api/v1/sessions/ses_1/end", self.end, methods=["POST"]),
                Route("/api/v1/sessions/ses_1/actions", self.actions, methods=["POST"]),
                Route("/api/v1/events/stream", self.stream),
            ]
        )

    async def refresh(self, request: Request) -> Response:
        self.asked.append("refresh")
        assert request.headers["authorization"].startswith("Basic ")
        if self.hangs:
            await asyncio.Event().wait()
        if self.over:
            return JSONResponse({"code": "session_over", "rule": "revoked"}, 401)
        return JSONResponse(ANSWER)

    async def end(self, request: Request) -> Response:
        self.asked.append("end")
        self.over = True
        return JSONResponse({})

    async def actions(self, request: Request) -> Response:
        self.keys.append(request.headers["idempotency-key"])
        self.batches.append(await request.json())
        self.recorded.set()
        return JSONResponse({"recorded": 1, "last_index": 1})

    async def stream(self, request: Request) -> Response:
        self.resumed_from.append(request.headers.get("last-event-id"))
        self.streams += 1

        async def events() -> AsyncIterator[str]:
            yield 'event: heartbeat\ndata: {"index": 8}\n\n'
            while not await request.is_disconnected():
                if await asyncio.to_thread(self.news.wait, 0.05):
                    self.news.clear()
                    data = {"session_id": "ses_1", "type": "session.revoked", "cause": "revoked"}
                    yield f"id: 9\nevent: session\ndata: {json.dumps(data)}\n\n"
                yield 'event: heartbeat\ndata: {"index": 10}\n\n'

        return StreamingResponse(events(), media_type="text/event-stream")


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


def an_app() -> Starlette:
    return Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


class Network:
    """An app and a service, each on its port."""

    def __init__(self, stack: ExitStack) -> None:
        self.service = Service()
        self._pause = threading.Event()
        self._service_stack = stack.enter_context(ExitStack())
        self.service_port = self._service_stack.enter_context(served(self.service.app))
        url = f"http://127.0.0.1:{self.service_port}"
        self.understudy = Understudy.remote(url, "app_1", "usk_1")
        stack.callback(self.understudy.close)
        guarded = UnderstudyMiddleware(an_app(), understudy=self.understudy)
        self.port = stack.enter_context(served(guarded))

    def get(self, method: str = "GET") -> httpx.Response:
        return httpx.request(
            method, f"http://127.0.0.1:{self.port}/", headers=OVERLAY, trust_env=False
        )

    def until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            self._pause.wait(0.05)

    def listen(self) -> None:
        """Return once the app hears the news."""
        runtime = self.understudy.runtime()
        self.until(lambda: runtime.pulse.fresh_until > runtime.monotonic())

    def cut(self) -> None:
        """Stop the service."""
        self._service_stack.close()


@pytest.fixture
def network(stack: ExitStack) -> Network:
    return Network(stack)


def test_a_session_is_served_from_the_cache_while_news_arrive(network: Network) -> None:
    assert network.get().text == "hello"
    network.listen()
    network.get()
    asked = len(network.service.asked)
    for _ in range(5):
        assert network.get().status_code == 200
    assert len(network.service.asked) == asked


def test_what_is_done_arrives_within_a_second(network: Network) -> None:
    network.get()
    assert network.service.recorded.wait(2)
    action = network.service.batches[0]["actions"][0]
    assert (action["method"], action["path"], action["status"]) == ("GET", "/", 200)
    assert network.service.keys[0]


def test_a_revocation_is_felt_at_once(network: Network) -> None:
    network.get()
    network.listen()
    network.get()
    network.service.over = True
    network.service.news.set()
    network.until(lambda: network.get().status_code == 401)
    assert network.get().json()["cause"] == "revoked"


def test_a_service_that_hangs_holds_a_request_for_about_a_second(network: Network) -> None:
    network.service.hangs = True
    begin = time.monotonic()
    answer = network.get()
    assert answer.status_code == 503
    assert time.monotonic() - begin < 2.5


def test_with_the_network_cut_nothing_is_served_after_six_seconds(network: Network) -> None:
    network.get()
    network.listen()
    network.get()
    network.cut()
    begin = time.monotonic()
    network.until(lambda: network.get().status_code == 503)
    assert time.monotonic() - begin < 7.5, "six seconds, and some for a busy machine"


def test_nothing_unsafe_happens_with_the_network_cut(network: Network) -> None:
    network.get()
    network.listen()
    network.get()
    network.cut()
    assert network.get("POST").status_code == 503


@pytest.fixture
def gateway(stack: ExitStack) -> tuple[Service, RemoteGateway]:
    service = Service()
    port = stack.enter_context(served(service.app))
    gateway = RemoteGateway(f"http://127.0.0.1:{port}", "app_1", Secret("usk_1"))
    stack.callback(gateway.close)
    return service, gateway


def test_a_proxy_of_the_environment_is_not_used_on_loopback(
    gateway: tuple[Service, RemoteGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert gateway[1].refresh(Secret(TOKEN)).session.id == "ses_1"


def test_ending_reaches_the_service(gateway: tuple[Service, RemoteGateway]) -> None:
    gateway[1].end("ses_1", EndCause.ENDED_BY_ACTOR)
    with pytest.raises(errors.SessionOver) as over:
        gateway[1].refresh(Secret(TOKEN))
    assert over.value.facts == {"cause": EndCause.REVOKED}


def test_news_are_followed_and_resumed(gateway: tuple[Service, RemoteGateway]) -> None:
    service, remote = gateway
    service.news.set()
    news = remote.follow("5")
    assert next(news) == Beat(index=8)
    assert next(news) == SessionClosed(session_id="ses_1", cause=EndCause.REVOKED, event_id="9")
    news.close()  # type: ignore[attr-defined]
    assert service.resumed_from == ["5"]


def test_a_port_where_nobody_listens_is_unavailable() -> None:
    gateway = RemoteGateway("http://127.0.0.1:9", "app_1", Secret("usk_1"))
    with refusal_of(errors.Unavailable, "unavailable"):
        gateway.refresh(Secret(TOKEN))
    gateway.close()


def test_a_port_that_accepts_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        gateway = RemoteGateway(f"http://127.0.0.1:{port}", "app_1", Secret("usk_1"))
        begin = time.monotonic()
        with refusal_of(errors.Unavailable, "unavailable"):
            gateway.refresh(Secret(TOKEN))
        assert time.monotonic() - begin < 2.5
        gateway.close()


def test_a_forked_worker_asks_and_listens_by_itself(network: Network) -> None:
    network.get()
    network.listen()
    before = network.service.streams
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  (another process, which coverage does not see)
        code = 1
        try:
            runtime = network.understudy.runtime()
            runtime.follow()
            held = runtime.sessions.refresh(Secret(TOKEN))
            while runtime.pulse.generation == 0:
                os.sched_yield()
            os.write(write, held.session.id.encode() if held.session else b"none")
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as told:
        assert told.read() == "ses_1"
    assert os.waitpid(child, 0)[1] == 0
    assert network.service.streams == before + 1
    assert network.get().status_code == 200
