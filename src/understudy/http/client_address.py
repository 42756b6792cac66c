"""Whose address a request came from, as far as trusted proxies let it be known."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from understudy.config import Network
from understudy.http.incoming import Headers

Address = IPv4Address | IPv6Address


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
