from __future__ import annotations

from ipaddress import ip_network

import pytest

from understudy.http.client_address import client_address
from understudy.http.incoming import Headers

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1"))


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
