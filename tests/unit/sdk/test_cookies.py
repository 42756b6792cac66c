"""The SDK's cookies on the wire."""

from __future__ import annotations

import pytest

from understudy.sdk.cookies import (
    LAUNCH,
    OVERLAY,
    DuplicateCookie,
    clear_cookie,
    is_token,
    read_cookie,
    set_cookie,
)


@pytest.mark.parametrize(
    "header",
    [
        b"__Host-understudy=uss_a",
        b"session=1; __Host-understudy=uss_a; theme=dark",
        b"a=b;__Host-understudy=uss_a",
        b"__Host-understudy = uss_a ; c=d",
        b"__Host-understudy-launch=x; __Host-understudy-operator=y; __Host-understudy=uss_a",
        b"a=__Host-understudy=b; __Host-understudy=uss_a",
    ],
)
def test_the_overlay_is_found_among_other_cookies(header: bytes) -> None:
    assert read_cookie(header, OVERLAY) == "uss_a"


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"session=1",
        b"__Host-understudy",
        b"__host-understudy=uss_a",
        b"x__Host-understudy=uss_a",
        b"__Host-understudy-operator=uso_a",
    ],
)
def test_other_cookies_are_not_taken_for_the_overlay(header: bytes) -> None:
    assert read_cookie(header, OVERLAY) is None


@pytest.mark.parametrize(
    "header",
    [
        b"__Host-understudy=a; __Host-understudy=b",
        b"__Host-understudy=a; x=y; __Host-understudy=a",
        b"__Host-understudy=a; __Host-understudy =b",
        b"__Host-understudy=; __Host-understudy=b",
    ],
)
def test_the_same_cookie_twice_is_refused(header: bytes) -> None:
    with pytest.raises(DuplicateCookie):
        read_cookie(header, OVERLAY)


def test_the_launch_cookie_is_another_one() -> None:
    assert read_cookie(b"__Host-understudy=a; __Host-understudy-launch=b", LAUNCH) == "b"


def test_a_cookie_is_set_with_all_its_armour() -> None:
    assert set_cookie(OVERLAY, "uss_a", max_age=60) == (
        "__Host-understudy=uss_a; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"
    )


def test_a_cookie_is_cleared_under_the_same_attributes() -> None:
    assert clear_cookie(OVERLAY) == (
        "__Host-understudy=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
    )


@pytest.mark.parametrize("value", ["", "a b", 'uss_"', "uss_a\n", "ä", "x" * 513, "a.b"])
def test_what_cannot_be_a_token_is_none(value: str) -> None:
    assert not is_token(value)


def test_a_token_is_one() -> None:
    assert is_token("uss_" + "A-z_09" * 8)


@pytest.mark.parametrize("other", ["__Host-understudy-epoch=1", "__Host-understudy.session=ses.1"])
def test_our_other_cookies_are_told_apart(other: str) -> None:
    for header in (f"{OVERLAY}=a; {other}", f"{other}; {OVERLAY}=a; {other}"):
        assert read_cookie(header.encode(), OVERLAY) == "a"
    assert read_cookie(other.encode(), OVERLAY) is None
    for twice in (f"{OVERLAY}=a; {other}; {OVERLAY}=b", f"{OVERLAY}=a; {other}; {OVERLAY} =b"):
        with pytest.raises(DuplicateCookie):
            read_cookie(twice.encode(), OVERLAY)
