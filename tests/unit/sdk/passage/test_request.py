"""A request as the passage goes by it."""

from __future__ import annotations

import pytest

from understudy.sdk.guard import Asked
from understudy.sdk.passage.request import Request
from understudy.sdk.place import SessionOrigin
from understudy.sdk.unmarked import Unmarked


def request(path: str, *, base: str = "", query: str = "") -> Request:
    asked = Asked(b"a=b", ("POST",), (path,))
    return Request(asked, "POST", path, base, "https://app.example:8443", {}, None, query)


def test_no_mark_is_asked_for_where_nobody_elses_page_is_ever_open() -> None:
    before, place = request("/a"), SessionOrigin("https://understudy-x.view.example")
    there = before.at(place)
    assert (there.place, there.asked.unmarked) == (place, Unmarked.PASSES)
    assert (there.asked.cookie, there.path) == (b"a=b", "/a")
    assert before.asked.unmarked is Unmarked.BY_METHOD


@pytest.mark.parametrize(
    ("path", "base", "query", "target"),
    [
        ("/a b/ø", "", "", "/a%20b/%C3%B8"),
        ("/a", "", "x=%201&y", "/a?x=%201&y"),
        ("/a", "/shop", "", "/shop/a"),
        ("/shop/a", "/shop", "", "/shop/a"),
        ("//evil.example/a", "", "", "/evil.example/a"),
        ("/a?b#c", "", "", "/a%3Fb%23c"),
    ],
)
def test_it_can_be_asked_for_again(path: str, base: str, query: str, target: str) -> None:
    assert request(path, base=base, query=query).target == target


def test_its_host_is_that_of_its_origin() -> None:
    assert request("/").host == "app.example:8443"
