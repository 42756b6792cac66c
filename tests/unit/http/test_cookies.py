from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fixtures.engine import START
from tests.fixtures.refusals import refusal_of
from understudy.errors import MalformedRequest
from understudy.http.cookies import (
    OPERATOR_COOKIE,
    clear_operator_cookie,
    operator_token,
    set_operator_cookie,
)
from understudy.http.incoming import Headers


def sent(*values: str) -> Headers:
    return Headers([(b"cookie", value.encode()) for value in values])


def test_the_cookie_can_be_set_by_this_host_alone_and_read_by_no_script() -> None:
    cookie = set_operator_cookie("uso_1", expires_at=START + timedelta(hours=12), now=START)
    assert cookie == (
        "__Host-understudy-operator=uso_1; Max-Age=43200; HttpOnly; Secure; SameSite=Lax; Path=/"
    )
    assert clear_operator_cookie().startswith(f"{OPERATOR_COOKIE}=; Max-Age=0; ")


def test_a_cookie_that_is_late_lives_no_longer() -> None:
    cookie = set_operator_cookie("uso_1", expires_at=START, now=START + timedelta(seconds=1))
    assert "Max-Age=0" in cookie


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        (Headers([]), None),
        (sent("other=1"), None),
        (sent(f"{OPERATOR_COOKIE}=uso_1"), "uso_1"),
        (sent(f"a=b; {OPERATOR_COOKIE}=uso_1; c=d"), "uso_1"),
        (sent("a=b", f"{OPERATOR_COOKIE}=uso_1"), "uso_1"),
        (sent(f"{OPERATOR_COOKIE}="), ""),
        (sent(f"x{OPERATOR_COOKIE}=uso_1"), None),
        (sent(f"a={OPERATOR_COOKIE}"), None),
        (sent(f"{OPERATOR_COOKIE}=" + "x" * 513), None),
    ],
)
def test_the_cookie_is_found_among_others(headers: Headers, token: str | None) -> None:
    assert operator_token(headers) == token


@pytest.mark.parametrize(
    "headers",
    [
        sent(f"{OPERATOR_COOKIE}=a; {OPERATOR_COOKIE}=b"),
        sent(f"{OPERATOR_COOKIE}=a", f"{OPERATOR_COOKIE}=a"),
    ],
)
def test_a_planted_second_cookie_is_refused(headers: Headers) -> None:
    with refusal_of(MalformedRequest, "malformed_request"):
        operator_token(headers)
