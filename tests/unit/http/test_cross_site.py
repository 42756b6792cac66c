from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import CrossSiteRefused
from understudy.http.cross_site import require_own_host, require_own_site
from understudy.http.hosts import Hosts
from understudy.http.incoming import Headers

HOSTS = Hosts(public_url="https://understudy.example")


def headers(**values: str) -> Headers:
    given = {"host": "understudy.example"} | values
    return Headers([(n.replace("_", "-").encode(), v.encode()) for n, v in given.items()])


def refused(request: Headers, *, with_cookie: bool = True) -> bool:
    try:
        require_own_site(request, HOSTS, with_cookie=with_cookie)
    except CrossSiteRefused:
        return True
    return False


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_where_the_browser_says_whose_page_asks_that_decides(origin: str | None) -> None:
    extra = {} if origin is None else {"origin": origin}
    assert not refused(headers(sec_fetch_site="same-origin", **extra))
    assert not refused(headers(sec_fetch_site="none", **extra))
    assert refused(headers(sec_fetch_site="same-site", **extra))
    assert refused(headers(sec_fetch_site="cross-site", **extra))


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("understudy.example", "https://understudy.example", True),
        ("10.0.0.7:8700", "https://understudy.example", True),
        ("localhost:8700", "http://localhost:8700", True),
        ("localhost:8700", "http://localhost:9999", False),
        ("evil.example", "https://evil.example", False),
        ("understudy.example", "https://evil.example", False),
        ("understudy.example", "null", False),
        ("understudy.example", "https://", False),
    ],
)
def test_otherwise_the_origin_must_be_ours(host: str, origin: str, allowed: bool) -> None:
    assert refused(headers(host=host, origin=origin)) is not allowed


def test_a_cookie_without_any_sign_of_its_page_is_refused() -> None:
    assert refused(headers())
    assert not refused(headers(), with_cookie=False)
    assert refused(headers(origin="https://evil.example"), with_cookie=False)


@pytest.mark.parametrize("host", ["understudy.example", "localhost", "app.localhost:1", "[::1]:1"])
def test_the_cookie_is_taken_under_our_own_names(host: str) -> None:
    require_own_host(headers(host=host), HOSTS)


@pytest.mark.parametrize(
    "host", ["evil.example", "understudy.example.evil.example", "", "[", "localhost.evil.example"]
)
def test_the_cookie_is_refused_under_any_other_name(host: str) -> None:
    with refusal_of(CrossSiteRefused, "cross_site_refused"):
        require_own_host(headers(host=host), HOSTS)
