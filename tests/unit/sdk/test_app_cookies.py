"""The app's cookies in a session, apart from everybody else's."""

from __future__ import annotations

import re

import pytest

from understudy.sdk.app_cookies import AppCookies, emptied, without_page_key
from understudy.sdk.cookie_seal import CookieSeal
from understudy.sdk.secret import Secret

SEAL = CookieSeal(Secret("a key"))
ALL = AppCookies(SEAL, named=None, script_cookies=["theme"])
LOGIN = AppCookies(SEAL, named=["login"])


def stored(cookies: AppCookies, header: bytes, session: str = "ses_1", left: float = 60) -> bytes:
    """What the browser sends back of the first cookie that was set."""
    return cookies.for_the_browser(header, session, left)[0].partition(b";")[0]


def test_a_cookie_comes_back_under_its_own_name() -> None:
    assert ALL.for_the_app(stored(ALL, b"login=42; Path=/"), "ses_1") == (
        b"understudy_session=ses_1; login=42"
    )


def test_a_cookie_of_another_session_does_not_come_back() -> None:
    kept = stored(ALL, b"login=42")
    assert ALL.for_the_app(kept, "ses_2") == b"understudy_session=ses_2"
    moved = kept.replace(b"ses_1", b"ses_2")
    assert ALL.for_the_app(moved, "ses_2") == b"understudy_session=ses_2"


def test_a_cookie_under_another_name_does_not_come_back() -> None:
    renamed = stored(ALL, b"note=42").replace(b".note", b".login")
    assert ALL.for_the_app(renamed, "ses_1") == b"understudy_session=ses_1"


def test_what_signs_somebody_in_cannot_be_copied_by_hand() -> None:
    for set_cookie in ALL.for_the_browser(b"login=secret-of-ada; HttpOnly", "ses_1", 60):
        assert b"secret-of-ada" not in set_cookie


def test_at_a_session_origin_everything_else_is_hidden() -> None:
    header = b"login=agent; __Host-understudy=uss_1; __Secure-a=b; understudy-page=x; theme=dark"
    assert ALL.for_the_app(header, "ses_1") == b"understudy_session=ses_1; theme=dark"


def test_on_the_apps_own_host_only_named_cookies_are_hidden() -> None:
    header = b"login=agent; a=b; __Host-understudy=uss_1; understudy_session=forged"
    assert LOGIN.for_the_app(header, "ses_1") == b"understudy_session=ses_1; a=b"


def test_blanks_around_its_name_do_not_uncover_a_cookie() -> None:
    assert LOGIN.for_the_app(b"a=b; login =agent", "ses_1") == b"understudy_session=ses_1; a=b"


def test_on_the_apps_own_host_other_cookies_are_set_as_they_are() -> None:
    header = b"a=b; Path=/x; Domain=app.example"
    assert LOGIN.for_the_browser(header, "ses_1", 60) == [header]


@pytest.mark.parametrize(
    "header",
    [b"__Host-understudy=x", b"__Host-understudy.login=x", b"understudy-page=own", b"bare", b"=x"],
)
def test_what_would_be_taken_for_ours_is_not_set(header: bytes) -> None:
    assert ALL.for_the_browser(header, "ses_1", 60) == []
    assert LOGIN.for_the_browser(header, "ses_1", 60) == []


def test_a_cookie_keeps_to_this_host_and_to_servers() -> None:
    header = b"login=1; Domain=app.example; Path=/x; SameSite=strict; HttpOnly"
    (set_cookie,) = ALL.for_the_browser(header, "ses_1", 60)
    assert re.fullmatch(
        rb"__Host-understudy\.login=ses_1\.[\w-]+; Path=/; Max-Age=60; Secure; HttpOnly"
        rb"; SameSite=Strict",
        set_cookie,
    )


def test_what_scripts_may_read_they_read_in_a_copy_that_does_not_come_back() -> None:
    _, copy = ALL.for_the_browser(b"csrf=abc; Max-Age=9", "ses_1", 60)
    assert copy == b"csrf=abc; Path=/; Max-Age=9; Secure"
    assert ALL.for_the_app(b"csrf=abc", "ses_1") == b"understudy_session=ses_1"


def test_on_the_apps_own_host_the_agents_cookie_is_neither_written_nor_taken_away() -> None:
    for header in (b"login=", b"login=x; Path=/", b'login=""; Max-Age=0; Path=/'):
        (stored,) = LOGIN.for_the_browser(header, "ses_1", 60)
        assert stored.startswith(b"__Host-understudy.login=ses_1.")


@pytest.mark.parametrize(
    ("header", "age"),
    [
        (b"a=1; Max-Age=1000", 60),
        (b"a=1; Max-Age=5", 5),
        (b"a=; Max-Age=0", 0),
        (b"a=; Max-Age=-1", 0),
        (b"a=1; Max-Age=x", 60),
        (b"a=1", 60),
        (b"a=1; Expires=Fri, 31 Dec 2100 23:59:59 GMT", 60),
        (b"a=1; Expires=Sat, 01 Jan 2000 00:00:00 GMT", 0),
        (b"a=1; Expires=no date", 60),
        (b"a=1; Expires=Fri, 31 Dec 99999999999999999999 23:59:59 GMT", 60),
        (b"a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 5),
    ],
)
def test_no_cookie_outlives_its_session(header: bytes, age: int) -> None:
    assert b"; Max-Age=%d;" % age in ALL.for_the_browser(header, "ses_1", 60)[0]


def test_the_end_removes_every_cookie_of_ours_and_never_the_agents() -> None:
    headers = emptied(b"__Host-understudy=uss; __Host-understudy.login=ses_1.x; login=agent")
    assert [value.partition("=")[0] for name, value in headers if name == "set-cookie"] == [
        "__Host-understudy",
        "__Host-understudy.login",
    ]
    assert dict(headers)["clear-site-data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    ("brought", "left"),
    [
        (b"a=b;c=d", b"a=b;c=d"),
        (b"understudy_session=ses_1", b""),
        (b"a=b; understudy_session =ses_1;c=understudy_session", b"a=b; c=understudy_session"),
        (b"understudy_session; my_understudy_session=1", b"my_understudy_session=1"),
    ],
)
def test_nobody_brings_a_page_key_along(brought: bytes, left: bytes) -> None:
    assert without_page_key(brought) == left
