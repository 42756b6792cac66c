from __future__ import annotations

from starlette.types import Message

from understudy.http.head_only import head_only

START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1")]}


async def test_an_answer_to_head_ends_right_after_its_headers() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    send_head = head_only(send)
    await send_head(START)
    for part in (b"one", b"two"):
        await send_head({"type": "http.response.body", "body": part, "more_body": True})
    await send_head({"type": "http.response.body", "body": b"end"})
    assert sent == [START, {"type": "http.response.body", "body": b""}]
