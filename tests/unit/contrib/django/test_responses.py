"""Responses of Django's and the SDK's answers as such."""

from __future__ import annotations

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory

from understudy.contrib.django.responses import (
    SaidCookie,
    failure_of,
    put_headers,
    raw_headers,
    response_of,
)
from understudy.sdk.visit import Answer

ANSWER = Answer(status=409, headers=(("content-type", "text/plain"),), body=b"no")


def asked(method: str = "GET") -> WSGIRequest:
    """Some request."""
    return RequestFactory().generic(method, "/")


def test_a_cookie_goes_out_to_the_letter() -> None:
    line = '__Host-understudy.a=ses_1."x y"; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax'
    cookie = SaidCookie(line)
    assert cookie.OutputString() == cookie.output(header="") == line
    assert cookie.output() == f"Set-Cookie: {line}"
    found = (cookie.key, cookie.value, cookie["max-age"], cookie["samesite"])
    assert found == ("__Host-understudy.a", 'ses_1."x y"', "60", "Lax")


def test_headers_and_cookies_of_a_response_are_what_goes_out() -> None:
    response = HttpResponse("hello", headers={"X-Shop": "1"})
    response.set_cookie("a", "1", httponly=True)
    headers = raw_headers(response)
    assert (b"X-Shop", b"1") in headers
    assert (b"Set-Cookie", b"a=1; HttpOnly; Path=/") in headers


def test_what_was_said_before_does_not_go_out() -> None:
    response = HttpResponse("hello", headers={"ETag": "1"})
    response.set_cookie("a", "1")
    put_headers(response, [(b"vary", b"Cookie"), (b"vary", b"Accept"), (b"set-cookie", b"b=2")])
    assert dict(response.items()) == {"vary": "Cookie, Accept"}
    assert [cookie.OutputString() for cookie in response.cookies.values()] == ["b=2"]


def test_two_cookies_of_one_name_go_out_both() -> None:
    response = HttpResponse()
    lines = [b"a=1; Path=/", b"a=2; Path=/orders"]
    put_headers(response, [(b"set-cookie", line) for line in lines])
    assert [value for name, value in raw_headers(response)] == lines


def test_an_answer_goes_out_with_its_headers_and_nothing_of_djangos() -> None:
    response = response_of(ANSWER, asked())
    assert (response.status_code, response.content) == (409, b"no")
    assert dict(response.items()) == dict(ANSWER.all_headers())
    assert response_of(ANSWER, asked("HEAD")).content == b""


def test_a_fault_reaches_the_server_behind_the_answer() -> None:
    response = failure_of(ANSWER, LookupError("a bug"), asked(), is_async=False)
    parts = iter(response.streaming_content)
    assert (response.status_code, next(parts)) == (409, b"no")
    with pytest.raises(LookupError):
        next(parts)


async def test_a_fault_reaches_the_server_beside_an_event_loop_too() -> None:
    response = failure_of(ANSWER, LookupError("a bug"), asked(), is_async=True)
    parts = aiter(response.streaming_content)
    assert await anext(parts) == b"no"
    with pytest.raises(LookupError):
        await anext(parts)
