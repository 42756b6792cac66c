"""An environ of WSGI in the words of ASGI and back: nothing is lost, nothing can be pretended."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.impersonation import SESSION
from understudy.sdk.asked_by import PINNED
from understudy.sdk.context import Impersonation
from understudy.sdk.environ import (
    may_be_ours,
    pinned_to,
    raw_headers,
    scope_of,
    take_over,
    text_headers,
    with_headers,
    with_own_headers,
)
from understudy.sdk.headers import for_the_app, without_spoofed
from understudy.sdk.reading import Reader, read_request, route_path

TOKEN = "__Host-understudy=uss_1"


def environ(**more: Any) -> dict[str, Any]:
    """What a server tells of a request."""
    plain = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/orders",
        "QUERY_STRING": "",
        "REMOTE_ADDR": "192.0.2.7",
        "SERVER_NAME": "app.example",
        "HTTP_HOST": "app.example",
        "HTTP_USER_AGENT": "Firefox",
        "wsgi.url_scheme": "https",
    }
    return {**plain, **more}


@pytest.mark.parametrize(
    "told",
    [
        {"HTTP_COOKIE": f"a=b; {TOKEN}"},
        {"HTTP_HOST": "Understudy-aaaa.view.example"},
        {"HTTP_ORIGIN": "https://understudy-aaaa.view.example"},
        {"HTTP_REFERER": "https://app.example/?_understudy_page=own"},
        {"QUERY_STRING": "a=1&_Understudy_Page=own"},
        {"HTTP_X_UNDERSTUDY_USER": "1"},
        {"HTTP_UNDERSTUDY_PAGE": "own"},
    ],
)
def test_our_name_is_found_wherever_it_may_stand(told: dict[str, str]) -> None:
    assert not may_be_ours(environ())
    assert may_be_ours(environ(**told))


def test_what_lies_below_the_wildcard_may_be_ours() -> None:
    asked = environ(HTTP_HOST="shop.VIEW.example")
    assert may_be_ours(asked, ".view.example")
    assert not may_be_ours(asked)
    assert not may_be_ours(environ(), ".view.example")


@pytest.mark.parametrize("missing", ["QUERY_STRING", "HTTP_HOST", "SCRIPT_NAME", "REMOTE_ADDR"])
def test_what_a_server_leaves_out_is_not_there(missing: str) -> None:
    asked = environ()
    del asked[missing]
    assert not may_be_ours(asked)
    assert read_request(scope_of(asked), Reader().asked(scope_of(asked))).path == "/orders"


def test_a_request_is_told_in_the_words_of_asgi() -> None:
    asked = environ(
        REQUEST_METHOD="POST", SCRIPT_NAME="/shop", QUERY_STRING="a=1", CONTENT_TYPE="text/plain"
    )
    scope = scope_of(asked | {"CONTENT_LENGTH": "3", "HTTP_X_FORWARDED_FOR": "192.0.2.1"})
    assert (scope["type"], scope["method"], scope["scheme"]) == ("http", "POST", "https")
    assert (scope["path"], scope["root_path"]) == ("/shop/orders", "/shop")
    assert (route_path(scope), scope["query_string"]) == ("/orders", b"a=1")
    assert scope["client"] == ("192.0.2.7", 0)
    assert dict(scope["headers"]) == {
        b"host": b"app.example",
        b"user-agent": b"Firefox",
        b"x-forwarded-for": b"192.0.2.1",
        b"content-type": b"text/plain",
        b"content-length": b"3",
    }


def test_a_socket_of_the_machine_has_no_address() -> None:
    assert scope_of(environ(REMOTE_ADDR=""))["client"] is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("/f\u00c3\u00bcr", "/für"),
        ("/\u00e4", "/\ufffd"),
        ("", ""),
    ],
)
def test_a_path_is_utf_8_in_the_guise_of_latin_1(sent: str, read: str) -> None:
    assert scope_of(environ(PATH_INFO=sent))["path"] == read


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
def test_a_path_as_it_was_sent_is_a_reading_of_its_own(name: str) -> None:
    asked = environ(PATH_INFO="/a/b", **{name: "/a%2Fb?c=1"})
    assert Reader().asked(scope_of(asked)).paths == ("/a/b", "/a%2Fb")


def test_a_path_below_a_mount_is_read_with_it_and_without() -> None:
    asked = environ(SCRIPT_NAME="/shop", PATH_INFO="/a/b", RAW_URI="/shop/a%2Fb")
    assert set(Reader().asked(scope_of(asked)).paths) == {
        "/shop/a/b",
        "/a/b",
        "/shop/a%2Fb",
        "/a%2Fb",
    }


def test_a_whole_address_in_the_request_line_counts_by_its_path() -> None:
    asked = environ(RAW_URI="http://app.example/a%2Fb?c=1", PATH_INFO="/a/b")
    assert scope_of(asked)["raw_path"] == b"/a%2Fb"
    assert scope_of(environ(RAW_URI="http://app.example"))["raw_path"] == b"/"
    assert scope_of(environ())["raw_path"] is None


CREDENTIALS = ("HTTP_AUTHORIZATION", "HTTP_REMOTE_USER", "HTTP_X_SESSION_TOKEN", "REMOTE_USER")


@pytest.mark.parametrize("name", CREDENTIALS)
def test_who_is_signed_in_by_whatever_way_is_a_credential(name: str) -> None:
    assert Reader().asked(scope_of(environ(**{name: "agent"}))).authorization
    assert not Reader().asked(scope_of(environ())).authorization


def test_nobody_signed_in_is_no_credential() -> None:
    assert not Reader().asked(scope_of(environ(REMOTE_USER="", AUTH_TYPE=""))).authorization


@pytest.mark.parametrize("name", [*CREDENTIALS, "AUTH_TYPE"])
def test_no_credential_of_the_agents_is_left_in_a_session(name: str) -> None:
    asked = environ(**{name: "agent"})
    inner = with_headers(asked, for_the_app(scope_of(asked)["headers"]))
    assert inner == environ()


def test_whom_the_server_has_signed_in_stays_so_in_their_own_requests() -> None:
    asked = environ(REMOTE_USER="agent", AUTH_TYPE="Negotiate", HTTP_X_UNDERSTUDY_USER="1")
    inner = with_own_headers(asked, without_spoofed(scope_of(asked)["headers"]))
    assert inner == environ(REMOTE_USER="agent", AUTH_TYPE="Negotiate")


def test_nobody_becomes_signed_in_by_a_header() -> None:
    asked = environ(HTTP_REMOTE_USER="admin", HTTP_X_UNDERSTUDY_USER="1")
    inner = with_own_headers(asked, without_spoofed(scope_of(asked)["headers"]))
    assert inner == environ(HTTP_REMOTE_USER="admin")


@pytest.mark.parametrize("name", ["HTTP_X_UNDERSTUDY_A", "HTTP_UNDERSTUDY_A", "HTTP_X-UNDERSTUDY"])
def test_what_pretends_to_be_ours_does_not_arrive(name: str) -> None:
    asked = environ(**{name: "1"})
    inner = with_own_headers(asked, without_spoofed(scope_of(asked)["headers"]))
    assert inner == environ()


def test_what_is_no_header_is_the_very_same() -> None:
    body = object()
    asked = environ(**{"wsgi.input": body, "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "3"})
    inner = with_headers(asked, scope_of(asked)["headers"])
    assert inner == asked
    assert inner["wsgi.input"] is body
    assert with_headers(asked, [], "http")["wsgi.url_scheme"] == "http"


def test_what_kind_a_body_is_cannot_be_said_by_another_name() -> None:
    asked = environ(HTTP_CONTENT_TYPE="application/x-www-form-urlencoded", HTTP_CONTENT_LENGTH="9")
    assert with_headers(asked, scope_of(asked)["headers"]) == environ()


def test_a_value_that_no_header_can_have_harms_nobody() -> None:
    assert may_be_ours(environ(HTTP_COOKIE="understudy=\u20ac"))
    assert dict(scope_of(environ(HTTP_COOKIE="\u20ac"))["headers"])[b"cookie"] == b"?"


def test_headers_there_and_back_are_the_same() -> None:
    headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=\u00e9")]
    assert text_headers(raw_headers(headers)) == headers


MARKED = "_understudy_page=ses_1"


def test_a_pages_mark_is_taken_out_of_whatever_servers_log() -> None:
    asked = environ(
        QUERY_STRING=f"a=1&{MARKED}",
        RAW_URI=f"/orders?a=1&{MARKED}",
        REQUEST_URI=f"/orders?a=1&{MARKED}",
        HTTP_REFERER=f"https://app.example/?{MARKED}",
        HTTP_UNDERSTUDY_PAGE="ses_1",
    )
    scope = scope_of(asked)
    assert Reader().asked(scope).mark == "ses_1"
    take_over(asked, scope)
    assert "ses_1" not in repr({n: v for n, v in asked.items() if n != "understudy.page_mark"})
    assert asked["QUERY_STRING"] == "a=1"
    assert asked["RAW_URI"] == asked["REQUEST_URI"] == "/orders?a=1"
    assert asked["HTTP_REFERER"] == "https://app.example/"


def test_an_adapter_within_knows_the_mark_that_was_taken_out() -> None:
    asked = environ(QUERY_STRING=MARKED, RAW_URI=f"/orders?{MARKED}")
    scope = scope_of(asked)
    Reader().asked(scope)
    take_over(asked, scope)
    assert (asked["QUERY_STRING"], asked["RAW_URI"]) == ("", "/orders")
    assert Reader().asked(scope_of(asked)).mark == "ses_1"


def test_without_a_mark_nothing_is_changed() -> None:
    asked = environ(QUERY_STRING="a=1", HTTP_REFERER="https://app.example/?b=2")
    scope = scope_of(asked)
    Reader().asked(scope)
    take_over(asked, scope)
    assert asked == environ(QUERY_STRING="a=1", HTTP_REFERER="https://app.example/?b=2")


def test_a_session_around_is_known_by_its_kind_and_not_by_its_name() -> None:
    impersonation = Impersonation.of(SESSION)
    assert pinned_to(environ(**{PINNED: impersonation})) is impersonation
    assert pinned_to(environ(**{"asgi.scope": {PINNED: impersonation}})) is impersonation
    assert pinned_to(environ(**{PINNED: "ses_1"})) is None
    assert pinned_to(environ()) is None
