"""The SDK's answers as ASGI messages."""

from __future__ import annotations

import asyncio
from typing import Any

from understudy.contrib.asgi.answering import answer_with, send_answer
from understudy.sdk.visit import Answer, problem

SOCKET: dict[str, Any] = {"type": "websocket"}
REFUSAL = problem(401, "session_over", "x")


class Sent:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def __call__(self, message: Any) -> None:
        self.messages.append(message)


def test_an_answer_is_sent_whole() -> None:
    sent = Sent()
    asyncio.run(send_answer(sent, Answer(status=403, body=b"no", headers=(("a", "b"),))))
    start, body = sent.messages
    assert (start["status"], body["body"]) == (403, b"no")
    assert (b"a", b"b") in start["headers"]
    assert (b"content-length", b"2") in start["headers"]


def test_the_answer_to_head_has_no_body() -> None:
    sent = Sent()
    asyncio.run(send_answer(sent, Answer(body=b"no"), head=True))
    assert sent.messages[1]["body"] == b""


def test_a_server_that_cannot_answer_a_handshake_refuses_it_plainly() -> None:
    sent = Sent()
    asyncio.run(answer_with(REFUSAL, SOCKET, sent))
    assert sent.messages == [{"type": "websocket.close", "code": 4403}]


def test_a_server_that_can_answers_a_handshake_in_full() -> None:
    sent = Sent()
    asyncio.run(
        answer_with(REFUSAL, {**SOCKET, "extensions": {"websocket.http.response": {}}}, sent)
    )
    start, body = sent.messages
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 401)
    assert body == {"type": "websocket.http.response.body", "body": REFUSAL.body}
