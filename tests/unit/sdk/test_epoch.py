"""The cookies by which a browser is known, and what they tell its pages."""

from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import SetupError
from understudy.sdk.epoch import Epoch, is_known


def test_the_epoch_is_out_of_reach_of_scripts_and_lasts_a_day() -> None:
    epoch, shown = Epoch().cookies("ses_1")
    assert epoch == (
        "__Host-understudy-epoch=1; Path=/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax"
    )
    assert shown == "understudy-page=ses_1; Path=/; Max-Age=86400; Secure; SameSite=Lax"


@pytest.mark.parametrize(
    ("cookie", "known"),
    [
        (b"", False),
        (b"__Host-understudy=token", False),
        (b"understudy-page=ses_1", False),
        (b"a=1; __Host-understudy-epoch=1; b=2", True),
    ],
)
def test_a_browser_is_known_by_the_epoch_alone(cookie: bytes, known: bool) -> None:
    assert is_known(cookie) is known


KNOWN = b"; __Host-understudy-epoch=1"


@pytest.mark.parametrize("cookie", [b"understudy-page=own", b"a=1; understudy-page=own; b=2"])
def test_what_pages_are_told_is_left_where_it_is_right(cookie: bytes) -> None:
    assert Epoch().corrected(cookie + KNOWN, "own") == []


@pytest.mark.parametrize("cookie", [b"a=1", b"understudy-page=ses_1", b"understudy-page=ownx"])
def test_and_set_right_where_it_is_not(cookie: bytes) -> None:
    shown = (b"set-cookie", Epoch().shown("own").encode())
    assert Epoch().corrected(cookie + KNOWN, "own") == [shown]


def test_a_session_that_no_launch_began_begins_the_epoch_with_its_first_page() -> None:
    epoch, shown = Epoch().cookies("ses_1")
    assert Epoch().corrected(b"__Host-understudy=token", "ses_1") == [
        (b"clear-site-data", b'"cache"'),
        (b"set-cookie", epoch.encode()),
        (b"set-cookie", shown.encode()),
    ]


@pytest.mark.parametrize("hours", [0, 1, 745])
def test_it_outlasts_every_session_and_no_month(hours: int) -> None:
    with refusal_of(SetupError, "setup_error"):
        Epoch(hours)


def test_a_session_begins_with_the_epoch_and_an_empty_cache() -> None:
    (name, value), *cookies = Epoch().begun("ses_1")
    assert (name, value) == ("clear-site-data", '"cache"')
    assert cookies == [("set-cookie", cookie) for cookie in Epoch().cookies("ses_1")]
