"""Requests that two readers read differently (P2, and number 14 of the peers' incidents): sent byte
by byte, for no client would send most of them."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.stack import Stack
from understudy.core.people.permissions import Role
from understudy.http.cookies import OPERATOR_COOKIE

OVERLAY = "__Host-understudy"
SPELLINGS = (
    "/settings/password",
    "/settings/password/",
    "//settings/password",
    "/settings//password",
    "/./settings/password",
    "/x/../settings/password",
    "/settings/x/../password",
    "/Settings/Password",
    "/settings/%70assword",
    "/settings/%2570assword",
    "/settings%2fpassword",
    "/settings/password%00",
    "/settings/password%20",
    "/settings/password;a=b",
    "/settings;x/password",
    "/settings\\password",
    "/settings/password?x=/harmless",
    "/settings/password#x",
    "http://app.localhost/settings/password",
)


@dataclass(frozen=True, kw_only=True)
class Raw:
    """The answer to bytes; status 0 when the connection was closed without one."""

    status: int
    body: bytes
    location: str | None = None


def sent(port: int, *lines: str, body: bytes = b"", close: bool = True) -> Raw:
    """What a server says to a request of these lines."""
    end = ["Connection: close"] if close else []
    request = "\r\n".join([*lines, *end, "", ""]).encode("latin-1") + body
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection, method=lines[0].partition(" ")[0])
        try:
            answer.begin()
            location = answer.getheader("location")
            found = Raw(status=answer.status, body=answer.read(), location=location)
        except (http.client.HTTPException, ConnectionError):
            return Raw(status=0, body=b"")
        # Until the server hangs up: by then it has read everything that there was.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass
        return found


@pytest.mark.parametrize(
    "cookies",
    [
        ["Cookie: {name}={one}; {name}={two}"],
        ["Cookie: {name}={one}", "Cookie: {name}={two}"],
        ["Cookie: {name}={one};{name}={two}"],
        ["Cookie: a=b; {name}={one}; c=d; {name} ={two}"],
        ["Cookie: {name}={one}; {name}="],
        ["COOKIE: {name}={one}", "cookie: x=y; {name}={one}"],
    ],
)
def test_p2_a_cookie_that_is_there_twice_is_refused(stack: Stack, cookies: list[str]) -> None:
    mine, theirs = stack.open()["session_token"], stack.open(subject_id="bob")["session_token"]
    lines = [line.format(name=OVERLAY, one=mine, two=theirs) for line in cookies]
    host = f"Host: app.localhost:{stack.app_port}"
    own = f"Cookie: {COOKIE}={stack.shop.sign_in('kim')}"
    before = len(stack.shop.orders)
    for first in (host, f"{host}\r\n{own}"):
        for request in ("GET /whoami HTTP/1.1", "POST /orders HTTP/1.1"):
            answer = sent(stack.app_port, request, first, "Content-Length: 0", *lines)
            assert answer.status == 400, answer
            assert b"duplicate_cookie" in answer.body
    assert len(stack.shop.orders) == before


def test_p2_an_operators_cookie_that_is_there_twice_is_refused(stack: Stack) -> None:
    one, two = (
        stack.operator(Role.AUDITOR, email=f"{name}-p2@support.example")[1].cookie(
            stack.issuer, OPERATOR_COOKIE
        )
        for name in ("ann", "bea")
    )
    host = f"Host: {stack.issuer.removeprefix('http://')}"
    for cookies in (
        [f"Cookie: {OPERATOR_COOKIE}={one}; {OPERATOR_COOKIE}={two}"],
        [f"Cookie: {OPERATOR_COOKIE}={one}", f"Cookie: {OPERATOR_COOKIE}={two}"],
        [f"Cookie: {OPERATOR_COOKIE}={one}; {OPERATOR_COOKIE}={one}"],
    ):
        answer = sent(stack.settings.port, "GET /api/v1/me HTTP/1.1", host, *cookies)
        assert answer.status == 400, answer


@pytest.mark.parametrize(
    "lengths",
    [
        ["Content-Length: 5", "Content-Length: 100"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
        ["Transfer-Encoding: xchunked"],
        ["Content-Length: +5"],
        ["Content-Length: 5, 5"],
        ["Content-Length : 5"],
        ["X: y\n\rContent-Length: 5"],
    ],
)
def test_p2_no_second_request_hides_in_the_first(stack: Stack, lengths: list[str]) -> None:
    opened = stack.open()
    # Where it would be carried out, without anybody's cookie, it would leave a trace.
    hidden = b"POST /logout HTTP/1.1\r\nHost: app.localhost\r\nContent-Length: 0\r\n\r\n"
    before = list(stack.shop.changes)
    sent(
        stack.app_port,
        "POST /nothing HTTP/1.1",
        f"Host: app.localhost:{stack.app_port}",
        f"Cookie: {OVERLAY}={opened['session_token']}",
        f"Understudy-Page: {opened['session']['id']}",
        *lengths,
        body=b"0\r\n\r\n" + hidden,
        close=False,
    )
    answer = sent(
        stack.settings.port,
        "POST /api/v1/impersonations HTTP/1.1",
        f"Host: {stack.issuer.removeprefix('http://')}",
        *lengths,
        body=b"0\r\n\r\n" + hidden,
        close=False,
    )
    assert answer.status in (0, 400, 401)
    assert stack.shop.changes == before


def test_p2_a_header_over_two_lines_or_with_an_odd_name_is_nobodys(stack: Stack) -> None:
    token = stack.open()["session_token"]
    host = f"Host: app.localhost:{stack.app_port}"
    for line in (
        f"Cookie: a=b;\r\n {OVERLAY}={token}",
        f"Cookie : {OVERLAY}={token}",
        f"\x0bCookie: {OVERLAY}={token}",
        f"Cookie\x00: {OVERLAY}={token}",
        f"Cookie: a=b\n{OVERLAY}={token}",
    ):
        answer = sent(stack.app_port, "GET /whoami HTTP/1.1", host, line)
        # Refused by the server, or read as one cookie: never as somebody else's.
        assert answer.status in (0, 400) or b'"subject":"ada"' in answer.body, (line, answer)


@pytest.mark.parametrize("path", SPELLINGS)
def test_peer_14_no_spelling_slips_past_a_blocked_action(stack: Stack, path: str) -> None:
    opened = stack.open()
    lines = [
        f"Host: app.localhost:{stack.app_port}",
        f"Cookie: {OVERLAY}={opened['session_token']}",
        f"Understudy-Page: {opened['session']['id']}",
    ]
    before = list(stack.shop.changes)
    address, _, fragment = path.partition("#")
    overridden = f"{address}{'&' if '?' in address else '?'}_method=POST#{fragment}"
    for request in (
        [f"POST {path} HTTP/1.1"],
        [f"GET {path} HTTP/1.1", "X-HTTP-Method-Override: POST"],
        [f"PUT {path} HTTP/1.1", "X-Method-Override: post"],
        [f"GET {overridden} HTTP/1.1"],
    ):
        answer = sent(stack.app_port, *request, *lines, "Content-Length: 0")
        assert answer.status == 403, (request, answer)
        assert b"action_blocked" in answer.body
    assert sent(stack.app_port, f"post {path} HTTP/1.1", *lines).status == 400
    assert list(stack.shop.changes) == before


def test_peer_14_head_and_options_do_not_get_what_get_does_not(stack: Stack) -> None:
    token = stack.open()["session_token"]
    lines = [f"Host: app.localhost:{stack.app_port}", f"Cookie: {OVERLAY}={token}"]
    before = list(stack.shop.changes)
    for method in ("GET", "HEAD"):
        assert sent(stack.app_port, f"{method} /export HTTP/1.1", *lines).status == 403
    assert sent(stack.app_port, "OPTIONS /export HTTP/1.1", *lines).status in (200, 405)
    assert list(stack.shop.changes) == before


@pytest.mark.parametrize(
    "target",
    [
        "%2Fusers%2F@evil.example",
        "%2fsessions@evil.example",
        "/users/@evil.example",
        "//evil.example",
        "http://evil.example/users",
        "@evil.example/users",
    ],
)
def test_t6_no_request_target_makes_a_way_to_another_site(stack: Stack, target: str) -> None:
    answer = sent(stack.settings.port, f"GET {target} HTTP/1.1", "Host: evil.example")
    led_to = urlsplit(answer.location or stack.issuer)
    assert f"{led_to.scheme}://{led_to.netloc}" == stack.issuer, answer
