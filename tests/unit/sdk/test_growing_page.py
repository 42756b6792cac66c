"""A page that grows on its way to the browser."""

from __future__ import annotations

import pytest

from understudy.sdk.growing_page import GrowingPage
from understudy.sdk.insertion import Insertion

BANNER, HEAD = b"<understudy-banner></understudy-banner>", b"<script></script>"
LENGTH = (b"content-length", b"100")


def page(*, is_head: bool = False) -> GrowingPage:
    return GrowingPage([LENGTH], Insertion(BANNER, head=HEAD), is_head=is_head)


def test_it_is_held_back_until_its_place_is_known_and_tells_its_new_length_then() -> None:
    growing = page()
    assert growing.part(b"<html><head></head><bo", more=True) == b""
    assert (growing.waits, growing.headers) == (True, [LENGTH])
    sent = growing.part(b"dy>hello", more=True)
    assert sent == b"<html><head>" + HEAD + b"</head><body>" + BANNER + b"hello"
    grown = str(100 + len(BANNER) + len(HEAD)).encode()
    assert (growing.waits, growing.headers) == (False, [(b"content-length", grown)])


def test_what_follows_goes_on_as_it_is() -> None:
    growing = page()
    growing.part(b"<body>", more=True)
    headers = growing.headers
    assert growing.part(b"<body>", more=True) == b"<body>"
    assert growing.part(b"", more=False) == b""
    assert growing.headers == headers


def test_a_page_without_a_body_goes_out_at_its_end() -> None:
    growing = page()
    assert growing.part(b"plain", more=False) == HEAD + BANNER + b"plain"
    assert not growing.waits


@pytest.mark.parametrize(("is_head", "headers"), [(True, []), (False, [LENGTH])])
def test_an_empty_answer_does_not_grow_and_to_a_head_has_no_length(
    is_head: bool, headers: list[tuple[bytes, bytes]]
) -> None:
    growing = page(is_head=is_head)
    assert growing.part(b"", more=False) == b""
    assert (growing.waits, growing.headers) == (False, headers)
