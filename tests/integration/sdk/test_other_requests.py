"""A session belongs to its own requests alone, whatever else a server's connection carries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from socket import create_connection
from typing import Any

import pytest

from tests.integration.sdk.servers import SERVERS, serving

APP = "tests.integration.sdk.other_requests_app:app"
LARGE = b"x" * 2_000_000
FURTHER = 5
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module", params=SERVERS.values(), ids=list(SERVERS))
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with serving(request.param, APP) as number:
        yield number


class Visitor:
    """Whoever sends requests over one connection, which is never made anew."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.connect()
        self._connection.auto_open = 0

    def close(self) -> None:
        self._connection.close()

    def ask(
        self, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Any:
        method = "POST" if body else "GET"
        self._connection.request(method, path, body=body, headers=headers or {})
        answer = self._connection.getresponse()
        assert answer.status == 200
        return json.loads(answer.read())

    def socket_is_whose(self) -> str | None:
        """As whom a WebSocket opens over the connection, which it takes over."""
        self._connection.request("GET", "/socket", headers=HANDSHAKE)
        with self._connection.sock.makefile("rb") as frames:
            assert b" 101" in frames.readline()
            while frames.readline().strip():
                pass
            _, length = frames.read(2)
            said: str | None = json.loads(frames.read(length))
            return said


def opened(port: int) -> Any:
    """A new session: its ``id`` and the ``headers`` of its pages."""
    with closing(Visitor(port)) as visitor:
        return visitor.ask("/open")


def test_requests_behind_a_large_upload_are_nobodys(port: int) -> None:
    session = opened(port)
    with closing(Visitor(port)) as proxy:
        upload = proxy.ask("/upload", session["headers"], LARGE)
        assert (upload["whom"], upload["size"]) == ("42", len(LARGE))
        others = [proxy.ask("/page") for _ in range(FURTHER)]
    assert [answer["whom"] for answer in others] == [None] * FURTHER
    assert [answer["outside"] for answer in others] == [None] * FURTHER


def test_requests_behind_a_large_upload_are_nobodys_after_its_session_as_well(port: int) -> None:
    session = opened(port)
    with closing(Visitor(port)) as proxy:
        assert proxy.ask("/upload", session["headers"], LARGE)["whom"] == "42"
        with closing(Visitor(port)) as admin:
            admin.ask(f"/revoke/{session['id']}")
        assert proxy.ask("/page")["whom"] is None


def test_what_is_forbidden_in_a_session_is_open_to_the_next_user(port: int) -> None:
    session = opened(port)
    with closing(Visitor(port)) as proxy:
        proxy.ask("/upload", session["headers"], LARGE)
        assert proxy.ask("/forbidden")["forbidden"] == "ran"


def test_a_request_is_nobodys_while_the_one_before_it_is_still_at_work(port: int) -> None:
    session = opened(port)
    with closing(Visitor(port)) as proxy:
        assert proxy.ask("/job", session["headers"], LARGE)["whom"] == "42"
        try:
            assert proxy.ask("/page")["whom"] is None
        finally:
            proxy.ask("/release")


def test_a_websocket_behind_a_large_upload_is_nobodys(port: int) -> None:
    session = opened(port)
    with closing(Visitor(port)) as proxy:
        assert proxy.ask("/upload", session["headers"], LARGE)["whom"] == "42"
        assert proxy.socket_is_whose() is None


def test_requests_that_arrive_together_are_each_their_own(port: int) -> None:
    session = opened(port)
    several = [session["headers"], None, session["headers"], None, None]
    found = list(pipelined(port, several))
    assert [answer["whom"] for answer in found] == ["42", None, "42", None, None]
    assert [answer["outside"] for answer in found] == [None] * len(several)


def pipelined(port: int, several: list[dict[str, str] | None]) -> Iterator[Any]:
    """The answers to as many requests as there are ``several`` headers, sent in one piece."""
    sent = b""
    for headers in several:
        line = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        sent += f"GET /page HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{line}\r\n".encode()
    with create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        answers = connection.makefile("rb")
        for _ in several:
            yield read_answer(answers)


def read_answer(answers: Any) -> Any:
    """The next answer of a connection on which more may follow."""
    assert b" 200" in answers.readline()
    length = 0
    while line := answers.readline().strip():
        name, _, value = line.lower().partition(b":")
        length = int(value) if name == b"content-length" else length
    return json.loads(answers.read(length))


def test_what_a_request_leaves_running_is_nobodys_once_it_is_over(port: int) -> None:
    session = opened(port)
    with closing(Visitor(port)) as visitor:
        assert visitor.ask("/leave", session["headers"])["whom"] == "42"
        left = visitor.ask("/left")["left"]
    nobody = [None, "forbidden_while_impersonating"]
    assert left == dict.fromkeys(("timer", "task", "thread"), nobody)
