"""ASGI scopes as the SDK's values."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.sdk.guard import Asked
from understudy.sdk.overrides import MethodOverrides
from understudy.sdk.reading import (
    Reader,
    client_address,
    header_texts,
    may_be_ours,
    own_origin,
    read_asked,
    read_visit,
    route_path,
)


def scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": "/orders",
        "query_string": b"",
        "headers": [(b"host", b"App.Test")],
        **changes,
    }


def test_a_plain_request_is_read() -> None:
    assert read_asked(scope()) == Asked(b"", ("GET",), ("/orders",), False, False)


def test_cookies_of_several_headers_are_joined() -> None:
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert read_asked(scope(headers=headers)).cookie == b"a=1; b=2"
    assert read_asked(scope(headers=headers[:1])).cookie == b"a=1"


def test_an_authorization_header_is_seen() -> None:
    assert read_asked(scope(headers=[(b"authorization", b"")])).authorization


@pytest.mark.parametrize(
    "name", [b"x-http-method-override", b"x-http-method", b"x-method-override"]
)
def test_overrides_are_seen_in_every_header_that_carries_one(name: bytes) -> None:
    headers = [(name, b"DELETE"), (name, b"get"), (b"accept", b"*/*")]
    assert set(read_asked(scope(headers=headers)).methods) == {"GET", "DELETE"}


def test_overrides_are_seen_in_the_query() -> None:
    asked = read_asked(scope(method="POST", query_string=b"a=b&_method=put"))
    assert set(asked.methods) == {"POST", "PUT"}


def test_the_raw_path_is_judged_beside_the_decoded_one() -> None:
    asked = read_asked(scope(path="/a/b", raw_path=b"/a%2Fb?x=1"))
    assert asked.paths == ("/a/b", "/a%2Fb")
    assert read_asked(scope(path="/a/b", raw_path=b"/a/b")).paths == ("/a/b",)


def test_the_path_below_a_mount_point_is_judged_too() -> None:
    assert read_asked(scope(path="/shop/a", root_path="/shop")).paths == ("/shop/a", "/a")
    assert read_asked(scope(path="/shop", root_path="/shop")).paths == ("/shop", "/")


def test_a_websocket_is_one_and_has_no_method() -> None:
    socket = scope(type="websocket")
    del socket["method"]
    asked = read_asked(socket)
    assert (asked.socket, tuple(asked.methods)) == (True, ("GET",))


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        ("/a", "", "/a"),
        ("/shop/a", "/shop", "/a"),
        ("/shop", "/shop", ""),
        ("/shopping", "/shop", "/shopping"),
        ("/a", "/shop", "/a"),
    ],
)
def test_the_mount_point_is_taken_off_the_path(path: str, root: str, below: str) -> None:
    assert route_path(scope(path=path, root_path=root)) == below


@pytest.mark.parametrize(
    ("scheme", "origin"),
    [
        ("https", "https://app.test"),
        ("http", "http://app.test"),
        ("wss", "https://app.test"),
        ("ws", "http://app.test"),
        (None, "http://app.test"),
    ],
)
def test_an_origin_is_scheme_and_host(scheme: str | None, origin: str) -> None:
    assert own_origin(scope(scheme=scheme)) == origin


def test_a_request_without_a_host_has_no_origin_to_match() -> None:
    assert own_origin(scope(headers=[])) == "https://"


def test_an_address_is_the_servers_word() -> None:
    assert client_address(scope(client=("192.0.2.1", 5))) == "192.0.2.1"
    assert client_address(scope(client=None)) is None
    assert client_address(scope()) is None


def test_a_visit_has_lower_case_headers_and_the_mount_point() -> None:
    visit = read_visit(
        scope(headers=[(b"Host", b"a"), (b"Accept", b"x")], query_string=b"a=b", root_path="/shop")
    )
    assert visit.header("accept") == "x"
    assert (visit.query, visit.base, visit.method) == ("a=b", "/shop", "GET")


@pytest.mark.parametrize(
    "header",
    [
        (b"cookie", b"a=b; __Host-understudy=uss_a"),
        (b"x-understudy-actor", b""),
        (b"X_UNDERSTUDY_SUBJECT", b""),
        (b"Understudy-Impersonation", b"1"),
        (b"host", b"Understudy-abc.view.app.example"),
        (b"origin", b"https://understudy-abc.view.app.example"),
        (b"referer", b"https://understudy-abc.view.app.example/orders"),
    ],
)
def test_our_name_is_seen_in_cookies_addresses_and_names_of_headers(
    header: tuple[bytes, bytes],
) -> None:
    assert may_be_ours([(b"host", b"a"), header, (b"accept", b"*/*")])


def test_our_name_in_other_values_is_none_of_our_business() -> None:
    assert not may_be_ours([(b"cookie", b"a=b"), (b"user-agent", b"understudy")])
    assert not may_be_ours([])


def test_every_host_below_the_wildcard_is_looked_at() -> None:
    headers = [(b"host", b"shop.view.app.example")]
    assert may_be_ours(headers, b"view.app.example")
    assert not may_be_ours(headers)


FORM = b"application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "query",
    [
        b"_method=DELETE",
        b"%5fmethod=DELETE",
        b"_METHOD=delete",
        b"_HttpMethod=DELETE",
        b"X-HTTP-Method-Override=DELETE",
        b"%24httpMethod=DELETE",
        b"a=1;_method=DELETE",
        b"a=%zz&%5F%6D%65%74%68%6F%64=DELETE",
    ],
)
def test_a_method_in_the_query_is_seen_in_each_of_its_spellings(query: bytes) -> None:
    assert "DELETE" in read_asked(scope(method="POST", query_string=query)).methods


@pytest.mark.parametrize(
    "name", [b"x-method", b"x_method", b"x_http_method_override", b"x-http-method"]
)
def test_a_method_in_a_header_is_seen_in_each_of_its_spellings(name: bytes) -> None:
    asked = read_asked(scope(method="POST", headers=[(name, b"DELETE")]))
    assert set(asked.methods) == {"POST", "DELETE"}


@pytest.mark.parametrize("kind", [FORM, b"Multipart/Form-Data; boundary=x"])
def test_a_form_that_is_posted_may_be_of_any_method_that_it_could_name(kind: bytes) -> None:
    headers = [(b"content-type", kind)]
    posted = read_asked(scope(method="POST", headers=headers))
    assert set(posted.methods) == {"POST", "PUT", "PATCH", "DELETE"}
    assert set(read_asked(scope(method="GET", headers=headers)).methods) == {"GET"}
    json = [(b"content-type", b"application/json")]
    assert set(read_asked(scope(method="POST", headers=json)).methods) == {"POST"}


def test_an_app_says_what_its_frameworks_understand() -> None:
    few = Reader(MethodOverrides(headers=frozenset(), fields=frozenset({"verb"}), forms=False))
    headers = [(b"content-type", FORM), (b"x-http-method", b"DELETE")]
    query = b"_method=PUT&verb=PATCH&method=x"
    asked = few.asked(scope(method="POST", headers=headers, query_string=query))
    assert set(asked.methods) == {"POST", "PATCH"}


def test_of_several_types_and_versions_all_are_told_and_of_other_headers_the_last() -> None:
    both = [(b"content-type", b"a/b"), (b"accept", b"c"), (b"content-type", b"d/e")]
    met = [(b"if-match", b'"1"'), (b"if-match", b'"2"')]
    told = header_texts(scope(headers=[*both, (b"accept", b"f"), *met]))
    assert told == {"content-type": "a/b, d/e", "accept": "f", "if-match": '"1", "2"'}
