from __future__ import annotations

from starlette.types import Message, Receive, Scope, Send

from understudy.http.middleware.hardened import Hardened


async def answered(*headers: tuple[bytes, bytes], https: bool = False) -> list[tuple[bytes, bytes]]:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await Hardened(app, https=https)({"type": "http"}, receive, send)
    return list(sent[0]["headers"])


async def test_what_an_answer_says_itself_stands() -> None:
    own = (
        (b"cache-control", b"public"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", b"default-src 'self'"),
    )
    headers = await answered(*own)
    assert [header for header in headers if header[0] in dict(own)] == list(own)


async def test_an_answer_that_says_nothing_may_not_be_kept_or_shown() -> None:
    headers = dict(await answered())
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert b"strict-transport-security" not in headers


async def test_https_is_insisted_on_where_it_is_spoken() -> None:
    assert b"strict-transport-security" in dict(await answered(https=True))
