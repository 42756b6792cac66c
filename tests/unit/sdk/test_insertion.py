"""Where the banner goes, in every kind of page and however it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.sdk.insertion import MAX_HELD, Insertion

BANNER = b"[BANNER]"


def insert(page: bytes, *cuts: int) -> bytes:
    insertion = Insertion(BANNER)
    edges = [0, *sorted(cuts), len(page)]
    chunks = [page[a:b] for a, b in pairwise(edges)]
    return b"".join([insertion.feed(chunk) for chunk in chunks]) + insertion.finish()


@pytest.mark.parametrize(
    "page",
    [
        b"<body>|hello",
        b"<!doctype html><html><head><title>x</title></head><body>|hello</body></html>",
        b"<BODY CLASS=a>|hello",
        b"<body onload=\"if (1 > 0) go()\" class='a>b'>|hello",
        b"<body\n\tclass='a'\n>|hello",
        b"<body/>|hello",
        b"<html><head><!-- <body> --></head><body>|x",
        b"<!--><body>|x",
        b"<!-- a --!><body>|x",
        b"<head><script>var a = '<body>';</script></head><body>|x",
        b"<head><script src='a>b'>'<body>'</script ></head><body>|x",
        b"<head><style>/* <body> */</style><title><body></title></head><body>|x",
        b"<head><noscript><body></noscript><template><body></template></head><body>|x",
        b"<head><textarea><body></textarea></head><body>|x",
        b"<head><meta name=d content='<body>'></head><body>|x",
        b"<header><bodyguard></header><body>|x",
        b"1 < 2 <3 </ > <body>|x",
        b"\xef\xbb\xbf<!doctype html><body>|x",
        b"<?xml version='1.0'?><html xmlns='x'><head/><body>|x</body></html>",
        "<title>æøå 李</title><body>|ü".encode(),
    ],
)
def test_the_banner_goes_right_behind_the_body_tag(page: bytes) -> None:
    assert insert(page.replace(b"|", b"")) == page.replace(b"|", BANNER)


@pytest.mark.parametrize(
    "page",
    [
        b"|<p>hello</p>",
        b"|hello",
        b"<!doctype html>|<p>hello</p>",
        b"<!DOCTYPE html>\n<html lang=en>|\n<p>hello",
        b"<html><head>|<title>x</title><p>hello",
        b"<html><head><title>x</title></head>|<p>hello",
        b"\xef\xbb\xbf|<p>hello",
        b"|<!-- <body> ",
        b"|<script>'<body>'",
        b"|<bod",
        b"|<",
        b"|<p title='unclosed <body>",
    ],
)
def test_without_a_body_it_goes_as_early_as_is_safe(page: bytes) -> None:
    assert insert(page.replace(b"|", b"")) == page.replace(b"|", BANNER)


def test_only_the_first_body_counts() -> None:
    assert insert(b"<body>a<body>b") == b"<body>" + BANNER + b"a<body>b"


def test_nothing_is_held_back_behind_the_banner() -> None:
    insertion = Insertion(BANNER)
    assert insertion.feed(b"<html><bo") == b""
    assert insertion.feed(b"dy>a") == b"<html><body>" + BANNER + b"a"
    assert insertion.done
    assert insertion.feed(b"<body>b") == b"<body>b"
    assert insertion.finish() == b""


def test_a_page_without_a_body_is_not_held_for_ever() -> None:
    insertion = Insertion(BANNER)
    assert insertion.feed(b"<html><head>" + b"x" * MAX_HELD).startswith(b"<html><head>" + BANNER)


def test_a_huge_head_does_not_hold_more_than_allowed() -> None:
    insertion = Insertion(BANNER)
    sent = 0
    while not insertion.done:
        sent += 1000
        insertion.feed(b"<script>" + b"x" * 992)
    assert sent <= MAX_HELD + 1000


PIECES = st.lists(
    st.sampled_from(
        [
            b"<!--",
            b"-->",
            b"<body",
            b">",
            b"<script>",
            b"</script>",
            b"<head>",
            b'"',
            b"'",
            b"a",
            b"<",
        ]
    ),
    max_size=25,
)


@given(PIECES, st.lists(st.integers(0, 150), max_size=10))
def test_cuts_never_change_the_page(pieces: list[bytes], cuts: list[int]) -> None:
    page = b"".join(pieces)
    assert insert(page, *[cut for cut in cuts if cut <= len(page)]) == insert(page)


@given(st.binary(max_size=300))
def test_nothing_but_the_banner_is_added(page: bytes) -> None:
    assert insert(page).replace(BANNER, b"", 1) == page


def test_its_length_is_that_of_the_banner() -> None:
    assert Insertion(BANNER).length == len(BANNER)


HEAD = b"[HEAD]"


def insert_both(page: bytes, *cuts: int, banner: bytes = BANNER) -> bytes:
    insertion = Insertion(banner, head=HEAD)
    edges = [0, *sorted(cuts), len(page)]
    chunks = [page[a:b] for a, b in pairwise(edges)]
    return b"".join([insertion.feed(chunk) for chunk in chunks]) + insertion.finish()


FRONTS = [
    b"<!doctype html><html><head>^<title>x</title></head><body>|hello</body></html>",
    b"<!doctype html>\n<html>\n<!-- a --><head data-a='>'>^<script></script></head><body>|x",
    b"<!doctype html><html>^<body>|x",
    b"<!doctype html>^<script>1</script><head><body>|x",
    b"<!doctype html>^\n<!-- <head> --><title>x</title><body>|x",
    b"^<body>|x",
    b"^|hello",
    b"^hello <head><body>|x",
    b"\xef\xbb\xbf<head>^<body>|x",
    b"\xef\xbb\xbf^|hello",
    b"<?xml version='1.0'?>\n<html xmlns='x'>^<header/><head/><body>|x</body></html>",
    b"<html><head/>^<body>|x",
]


@pytest.mark.parametrize("page", FRONTS)
def test_the_mark_goes_to_the_front_of_the_head_before_anything_that_runs(page: bytes) -> None:
    plain = page.replace(b"|", b"").replace(b"^", b"")
    assert insert_both(plain) == page.replace(b"|", BANNER).replace(b"^", HEAD)


@given(page=st.sampled_from(FRONTS), data=st.data())
def test_it_is_the_same_place_however_the_page_is_cut(page: bytes, data: st.DataObject) -> None:
    plain = page.replace(b"|", b"").replace(b"^", b"")
    cuts = data.draw(st.lists(st.integers(0, len(plain)), max_size=6))
    assert insert_both(plain, *cuts) == insert_both(plain)


@pytest.mark.parametrize("page", FRONTS)
def test_without_a_banner_only_the_mark_is_put_in(page: bytes) -> None:
    plain = page.replace(b"|", b"").replace(b"^", b"")
    expected = page.replace(b"|", b"").replace(b"^", HEAD)
    assert insert_both(plain, banner=b"") == expected


def test_without_a_banner_nothing_is_held_back_once_the_head_has_begun() -> None:
    insertion = Insertion(b"", head=HEAD)
    assert insertion.feed(b"<!doctype html><html>") == b""
    assert insertion.feed(b"<head><title>") == b"<!doctype html><html><head>" + HEAD + b"<title>"
    assert insertion.done
    assert insertion.length == len(HEAD)
