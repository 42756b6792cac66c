from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send

from understudy.http.incoming import Headers, Incoming, incoming
from understudy.http.middleware.identified import Identified, client_address

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1"))


async def seen(headers: list[tuple[bytes, bytes]]) -> tuple[Incoming, dict[bytes, bytes]]:
    """What the app behind the middleware saw, and the headers of the answer."""
    noted: list[Incoming] = []
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        noted.append(incoming(scope))
        await send({"type": "http.response.start", "status": 204})

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    middleware = Identified(app, new_id=lambda: "made-up-1", trusted=PROXIES)
    scope = {"type": "http", "headers": headers, "client": ("10.1.2.3", 1)}
    await middleware(scope, receive, send)
    return noted[0], dict(sent[0]["headers"])


@pytest.mark.parametrize("given", [b"request_7-abc", b"x" * 64])
async def test_a_decent_request_id_is_kept(given: bytes) -> None:
    request, answer = await seen([(b"x-request-id", given)])
    assert request.request_id == given.decode()
    assert answer[b"x-request-id"] == given


@pytest.mark.parametrize(
    "given", [b"short", b"x" * 65, b"has space", b"line\nfeed1", b"a", b"", b"usk_0123456789"]
)
async def test_any_other_request_id_is_replaced(given: bytes) -> None:
    request, _ = await seen([(b"x-request-id", given)])
    assert request.request_id == "made-up-1"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9:4711", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (None, "203.0.113.9", None),
    ],
)
def test_only_trusted_proxies_are_believed(
    peer: str | None, forwarded: str, expected: str | None
) -> None:
    headers = Headers([(b"x-forwarded-for", forwarded.encode())] if forwarded else [])
    assert client_address(peer, headers, PROXIES) == expected


def test_without_trusted_proxies_nobody_is_believed() -> None:
    headers = Headers([(b"x-forwarded-for", b"203.0.113.9")])
    assert client_address("127.0.0.1", headers, ()) == "127.0.0.1"
