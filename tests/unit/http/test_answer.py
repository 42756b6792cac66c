from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from starlette.types import Message, Scope

from understudy.errors import UnderstudyError
from understudy.http.answer import WRITE, Answer, answer_of
from understudy.http.security_headers import SecurityHeaders

SECURITY = SecurityHeaders(https=True)
JSON = (b"content-type", b"application/json")


@dataclass(kw_only=True)
class Server:
    """Takes whole answers, unless it is slow, and messages."""

    slow: bool = False
    written: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)

    def write(self, status: int, lines: bytes, content: bytes) -> bool:
        if not self.slow:
            self.written.append((status, lines, content))
        return not self.slow

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def answer(self) -> Answer:
        scope: Scope = {WRITE: self.write}
        answer = Answer(scope, self.send, request_id="request-1", security=SECURITY)
        assert answer_of(scope) is answer
        return answer


def told(lines: bytes) -> list[tuple[bytes, bytes]]:
    assert lines.endswith(b"\r\n")
    return [
        (name, value)
        for name, _, value in (line.partition(b": ") for line in lines[:-2].split(b"\r\n"))
    ]


async def test_at_once_or_by_messages_the_headers_are_the_same() -> None:
    server = Server()
    at_once, by_messages = server.answer(), server.answer()
    assert at_once.write(201, [JSON], b"{}")
    await by_messages.send({"type": "http.response.start", "status": 201, "headers": [JSON]})
    ((status, lines, content),) = server.written
    assert (status, content) == (201, b"{}")
    assert sorted(told(lines)) == sorted(server.sent[0]["headers"])
    assert (b"x-request-id", b"request-1") in told(lines)
    assert at_once.status == by_messages.status == 201
    assert at_once.begun
    assert by_messages.begun


@pytest.mark.parametrize(
    "header",
    [
        (b"x-own", b"one\r\nset-cookie: planted=1"),
        (b"x-own", b"one\ntwo"),
        (b"x-own", b"one\rtwo"),
        (b"x-own", b"\x00"),
        (b"x-own\r\nx-two", b"one"),
    ],
)
def test_a_header_that_would_begin_another_is_refused_before_anything_is_written(
    header: tuple[bytes, bytes],
) -> None:
    server = Server()
    answer = server.answer()
    with pytest.raises(UnderstudyError) as caught:
        answer.write(200, [JSON, header], b"{}")
    assert caught.value.code == "internal_error"
    assert server.written == []
    assert (answer.begun, answer.status) == (False, 500)


@pytest.mark.parametrize("own", [(b"cache-control", b"public"), (b"referrer-policy", b"origin")])
def test_what_says_a_security_header_itself_goes_by_messages(own: tuple[bytes, bytes]) -> None:
    server = Server()
    assert not server.answer().write(200, [JSON, own], b"{}")
    assert server.written == []


def test_a_server_that_does_not_write_gets_messages() -> None:
    server = Server(slow=True)
    answer = server.answer()
    assert not answer.write(200, [JSON], b"{}")
    assert (answer.begun, answer.status) == (False, 500)
    elsewhere = Answer({}, server.send, request_id="request-1", security=SECURITY)
    assert not elsewhere.write(200, [JSON], b"{}")
