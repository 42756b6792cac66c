from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from dataclasses import dataclass, field
from ipaddress import ip_network
from threading import get_ident

import msgspec
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fixtures.refusals import refusal_of
from understudy.errors import NotFound, StorageBusy
from understudy.http.access_log import AccessLine
from understudy.http.answer import WRITE, answer_of
from understudy.http.incoming import Incoming, incoming
from understudy.http.metrics import Metrics
from understudy.http.rim import Rim
from understudy.http.security_headers import SecurityHeaders

PROXIES = (ip_network("10.0.0.0/8"),)


@dataclass(kw_only=True)
class Place:
    """A rim around an app, and what comes of a request."""

    app: ASGIApp
    https: bool = False
    headers: tuple[tuple[bytes, bytes], ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    sent: list[Message] = field(default_factory=list)
    lines: list[AccessLine] = field(default_factory=list)

    async def ask(self) -> None:
        """Ask once; it takes a quarter of a second."""

        async def receive() -> Message:
            raise AssertionError

        async def send(message: Message) -> None:
            self.sent.append(message)

        ticks = iter((10.0, 10.25))
        rim = Rim(
            self.app,
            new_id=lambda: "made-up-1",
            trusted=PROXIES,
            security=SecurityHeaders(https=self.https),
            metrics=self.metrics,
            timer=lambda: next(ticks),
            log=self.lines.append,
        )
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/secret?token=1",
            "headers": self.headers,
            "client": ("10.1.2.3", 1),
        }
        await rim(scope, receive, send)

    @property
    def answered(self) -> list[tuple[bytes, bytes]]:
        """The headers of the answer."""
        return list(self.sent[0]["headers"])


class Server:
    """As servers do, it holds the scope of the request whose answer it sends, and can write one."""

    def __init__(self) -> None:
        self.scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": ()}
        self.scope[WRITE] = self.write

    async def receive(self) -> Message:
        raise AssertionError

    async def send(self, message: Message) -> None:
        """Take a message."""

    def write(self, status: int, lines: bytes, content: bytes) -> bool:
        return True


def says(status: int = 200, *headers: tuple[bytes, bytes]) -> ASGIApp:
    """An app that answers with that."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})

    return app


def fails(error: BaseException, *, begin: bool = False) -> ASGIApp:
    """An app that raises ``error``, where wanted in the middle of its answer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begin:
            await says()(scope, receive, send)
        raise error

    return app


def logged_here(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What this thread has logged: others of tests before this one may go on for a while."""
    return [record for record in caplog.records if record.thread == get_ident()]


async def asked(app: ASGIApp, *headers: tuple[bytes, bytes], https: bool = False) -> Place:
    place = Place(app=app, headers=headers, https=https)
    await place.ask()
    return place


@pytest.mark.parametrize("given", [b"request_7-abc", b"x" * 64])
async def test_a_decent_request_id_is_kept(given: bytes) -> None:
    place = await asked(says(), (b"x-request-id", given))
    assert place.lines[0].request_id == given.decode()
    assert dict(place.answered)[b"x-request-id"] == given


@pytest.mark.parametrize(
    "given", [b"short", b"x" * 65, b"has space", b"line\nfeed1", b"a", b"", b"usk_0123456789"]
)
async def test_any_other_request_id_is_replaced(given: bytes) -> None:
    place = await asked(says(), (b"x-request-id", given))
    assert place.lines[0].request_id == "made-up-1"
    assert dict(place.answered)[b"x-request-id"] == b"made-up-1"


async def test_the_app_finds_out_who_asks_and_from_where() -> None:
    noted: list[Incoming] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        noted.append(incoming(scope))
        await says()(scope, receive, send)

    await asked(app, (b"x-forwarded-for", b"192.0.2.1"))
    assert (noted[0].request_id, noted[0].address) == ("made-up-1", "192.0.2.1")


async def test_what_an_answer_says_itself_stands() -> None:
    own = (
        (b"cache-control", b"public"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", b"default-src 'self'"),
    )
    place = await asked(says(200, *own))
    assert [header for header in place.answered if header[0] in dict(own)] == list(own)


async def test_an_answer_that_says_nothing_may_not_be_kept_or_shown() -> None:
    headers = dict((await asked(says())).answered)
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert b"strict-transport-security" not in headers


async def test_https_is_insisted_on_where_it_is_spoken() -> None:
    assert b"strict-transport-security" in dict((await asked(says(), https=True)).answered)


async def test_an_error_is_answered_as_hardened_and_as_named_as_all_else() -> None:
    headers = dict((await asked(fails(NotFound()))).answered)
    assert headers[b"x-request-id"] == b"made-up-1"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cache-control"] == b"no-store"


async def test_an_error_of_ours_is_told_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    start, body = (await asked(fails(NotFound()))).sent
    assert start["status"] == 404
    assert msgspec.json.decode(body["body"])["code"] == "not_found"
    assert not logged_here(caplog)


async def test_what_only_operators_may_read_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    _, body = (await asked(fails(StorageBusy(internal="db-1 is locked")))).sent
    assert b"db-1" not in body["body"]
    (record,) = logged_here(caplog)
    assert record.levelno == logging.WARNING
    assert "db-1 is locked" in record.getMessage()


async def test_a_defect_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    start, body = (await asked(fails(RuntimeError("boom")))).sent
    assert start["status"] == 500
    assert b"boom" not in body["body"]
    (record,) = logged_here(caplog)
    assert record.exc_info is not None
    assert vars(record)["request_id"] == "made-up-1"


async def test_an_answer_that_has_begun_is_broken_off() -> None:
    place = Place(app=fails(NotFound(), begin=True))
    with refusal_of(NotFound, "not_found"):
        await place.ask()
    assert len(place.sent) == 1
    assert place.lines[0].status == 200


async def test_a_request_is_one_line_by_its_route() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        incoming(scope).route, incoming(scope).caller = "/things/{id}", "app_1"
        await says(201)(scope, receive, send)

    place = await asked(app, (b"x-forwarded-for", b"192.0.2.1"))
    assert place.lines == [
        AccessLine(
            request_id="made-up-1",
            method="GET",
            route="/things/{id}",
            status=201,
            seconds=0.25,
            address="192.0.2.1",
            caller="app_1",
        )
    ]
    text = place.metrics.to_text().decode()
    assert 'understudy_requests_total{method="GET",route="/things/{id}",status="201"} 1.0' in text
    assert 'understudy_request_seconds_sum{route="/things/{id}"} 0.25' in text


async def test_an_error_is_noted_with_the_status_that_the_caller_saw() -> None:
    place = await asked(fails(NotFound()))
    assert place.lines[0].status == 404


async def test_a_client_who_went_away_is_noted_as_such() -> None:
    place = Place(app=fails(asyncio.CancelledError()))
    with pytest.raises(asyncio.CancelledError):
        await place.ask()
    assert place.lines[0].status == 499
    assert 'status="499"' in place.metrics.to_text().decode()


async def test_an_answer_that_never_came_is_noted_as_a_failure() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        return

    assert (await asked(app)).lines[0].status == 500


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_a_request_waits_for_the_collector_of_garbage(fails: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if fails:
            raise NotFound
        answer_of(scope).write(200, (), b"{}")

    rim = Rim(
        app,
        new_id=lambda: "made-up-1",
        trusted=PROXIES,
        security=SecurityHeaders(https=False),
        metrics=Metrics(),
        timer=lambda: 0.0,
    )
    server = Server()
    there = weakref.ref(server)
    gc.disable()
    try:
        asyncio.run(rim(server.scope, server.receive, server.send))
        del server
        assert there() is None
    finally:
        gc.enable()
