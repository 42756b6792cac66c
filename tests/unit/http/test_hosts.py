from __future__ import annotations

import pytest

from understudy.http.hosts import Hosts
from understudy.http.incoming import Headers


def test_the_canonical_host_is_that_of_the_public_url() -> None:
    assert Hosts(public_url="https://Understudy.example").canonical == "understudy.example"
    assert Hosts(public_url="http://localhost:8700").canonical == "localhost:8700"


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost:8700", True),
        ("LOCALHOST:9", True),
        ("127.0.0.1", True),
        ("[::1]:8700", True),
        ("app.localhost", True),
        ("localhost.", True),
        ("127.0.0.2", False),
        ("notlocalhost", False),
        ("evil.example", False),
        ("", False),
    ],
)
def test_loopback_names_are_ours_on_any_port(host: str, ours: bool) -> None:
    assert Hosts(public_url="http://localhost:8700").is_ours(host) is ours


def test_behind_a_proxy_nobody_can_tell_which_name_was_used() -> None:
    hosts = Hosts(public_url="https://understudy.example")
    assert not hosts.is_canonical(Headers([(b"host", b"10.0.0.7")]))
    proxied = [(b"host", b"10.0.0.7"), (b"x-forwarded-for", b"203.0.113.9")]
    assert hosts.is_canonical(Headers(proxied))
