"""Gives every request an id, and finds out whose address it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.config import Network
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.http.incoming import Headers, Incoming

# Whatever looks like one of our tokens has no business in a log.
_ACCEPTABLE_ID = re.compile(rf"(?!{'|'.join(TokenPurpose)})[A-Za-z0-9_-]{{8,64}}")
Address = IPv4Address | IPv6Address


class Identified:
    """``new_id`` makes ids; ``trusted`` are the proxies whose ``X-Forwarded-For`` is believed."""

    def __init__(
        self, app: ASGIApp, *, new_id: Callable[[], str], trusted: tuple[Network, ...]
    ) -> None:
        self._app = app
        self._new_id = new_id
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the answer carries ``X-Request-Id``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope["headers"])
        given = headers.get("x-request-id", "")
        request_id = given if _ACCEPTABLE_ID.fullmatch(given) else self._new_id()
        peer = scope.get("client")
        address = client_address(peer[0] if peer else None, headers, self._trusted)
        Incoming(request_id=request_id, address=address, headers=headers).attach(scope)
        identified = (b"x-request-id", request_id.encode())

        async def send_identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), identified]
            await send(message)

        await self._app(scope, receive, send_identified)


def client_address(peer: str | None, headers: Headers, trusted: tuple[Network, ...]) -> str | None:
    """The nearest address that is not a trusted proxy's, read from the right.

    What stands left of it in ``X-Forwarded-For`` may be anybody's invention.
    """
    if not trusted or peer is None or not _is_within(peer, trusted):
        return peer
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",")]
    nearest = peer
    for hop in reversed(hops):
        address = _parsed(hop)
        if address is None:
            return nearest
        nearest = str(address)
        if not _is_within(nearest, trusted):
            return nearest
    return nearest


def _is_within(text: str, networks: tuple[Network, ...]) -> bool:
    address = _parsed(text)
    return address is not None and any(address in network for network in networks)


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
