"""Streams and pages on a real server: intact while the session lives, cut when it ends."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.integration.sdk.conftest import Serve
from understudy.testing import FakeGateway, FakeSession

PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document"}


class Streams:
    """An app with a stream that goes on until it is told to stop."""

    def __init__(self) -> None:
        self.cleaned_up = threading.Event()
        self.app = Starlette(
            routes=[
                Route("/idle", self.idle),
                Route("/page", self.page),
                Route("/big", self.big),
            ]
        )

    async def idle(self, request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            try:
                yield b"first"
                await asyncio.Event().wait()
            finally:
                self.cleaned_up.set()

        return StreamingResponse(parts(), media_type="text/event-stream")

    async def page(self, request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for piece in (b"<html><bo", b"dy>", b"a" * 10_000, b"</body>"):
                yield piece
                await asyncio.sleep(0)

        return StreamingResponse(parts(), media_type="text/html")

    async def big(self, request: Request) -> Response:
        return HTMLResponse("<body>" + "x" * 2_000_000)


@pytest.fixture
def streams() -> Streams:
    return Streams()


def get(port: int, path: str, session: FakeSession | None) -> httpx.Response:
    headers = {**PAGE, **(session.headers if session else {})}
    return httpx.get(f"http://127.0.0.1:{port}{path}", headers=headers, trust_env=False)


def test_a_streamed_page_arrives_whole_with_its_banner(
    gateway: FakeGateway, serve: Serve, streams: Streams
) -> None:
    session = gateway.open()
    answer = get(serve(streams.app), "/page", session)
    mark = f'<script src="/_understudy/page.js" data-page="{session.id}"></script>'
    assert answer.text.startswith(f"<html>{mark}<body><understudy-banner ")
    assert answer.text.endswith("a" * 10_000 + "</body>")


def test_a_large_page_has_its_true_length(
    gateway: FakeGateway, serve: Serve, streams: Streams
) -> None:
    answer = get(serve(streams.app), "/big", gateway.open())
    assert int(answer.headers["content-length"]) == len(answer.content) > 2_000_000


def test_an_idle_stream_is_cut_at_once_upon_revocation(
    gateway: FakeGateway, serve: Serve, streams: Streams
) -> None:
    session = gateway.open()
    url = f"http://127.0.0.1:{serve(streams.app)}/idle"
    with (
        httpx.Client(trust_env=False, timeout=5) as client,
        client.stream("GET", url, headers=session.headers) as answer,
    ):
        parts = answer.iter_bytes()
        assert next(parts) == b"first"
        gateway.wait_for_followers()
        gateway.revoke(session.id)
        with pytest.raises(httpx.RemoteProtocolError):
            list(parts)
    assert streams.cleaned_up.wait(5)


def test_a_users_own_stream_goes_on_when_sessions_end(
    gateway: FakeGateway, serve: Serve, streams: Streams
) -> None:
    session = gateway.open()
    port = serve(streams.app)
    get(port, "/page", session)
    with (
        httpx.Client(trust_env=False, timeout=0.5) as client,
        client.stream("GET", f"http://127.0.0.1:{port}/idle") as answer,
    ):
        parts = answer.iter_bytes()
        assert next(parts) == b"first"
        gateway.revoke(session.id)
        with pytest.raises(httpx.ReadTimeout):
            next(parts)


class BannerStream:
    """The banner's event stream, as the browser reads it."""

    def __init__(self, port: int, session: FakeSession | None) -> None:
        self._url = f"http://127.0.0.1:{port}/_understudy/events"
        self._headers = session.headers if session else {}

    def lines(self) -> Iterator[str]:
        with (
            httpx.Client(trust_env=False, timeout=5) as client,
            client.stream("GET", self._url, headers=self._headers) as answer,
        ):
            assert answer.headers["content-type"] == "text/event-stream"
            yield from answer.iter_lines()


def ending(lines: Iterator[str]) -> dict[str, str]:
    found = list(lines)
    assert "event: ended" in found
    data = next(line for line in found if line.startswith("data: "))
    told: dict[str, str] = json.loads(data.removeprefix("data: "))
    return told


def test_the_banner_hears_of_the_end_at_once(
    gateway: FakeGateway, serve: Serve, streams: Streams
) -> None:
    session = gateway.open()
    lines = BannerStream(serve(streams.app), session).lines()
    assert next(lines).startswith("retry:")
    gateway.wait_for_followers()
    gateway.revoke(session.id)
    told = ending(lines)
    assert told["cause"] == "revoked"
    assert told["message"]


@pytest.mark.parametrize("known", [True, False])
def test_the_banner_of_an_ended_session_is_told_so(
    gateway: FakeGateway, serve: Serve, streams: Streams, known: bool
) -> None:
    session = gateway.open()
    gateway.revoke(session.id)
    lines = BannerStream(serve(streams.app), session if known else None).lines()
    assert ending(lines)["cause"] == ("revoked" if known else None)


def test_the_banner_of_a_session_that_nobody_can_ask_about_is_told_nothing(
    gateway: FakeGateway, serve: Serve, streams: Streams
) -> None:
    session = gateway.open()
    gateway.reachable = False
    answer = get(serve(streams.app), "/_understudy/events", session)
    gateway.reachable = True
    assert answer.status_code == 503
