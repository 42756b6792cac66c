"""Parts of an app that are named by how their paths begin."""

from __future__ import annotations

import pytest

from understudy.errors import SetupError
from understudy.sdk.path_prefixes import PathPrefixes

STATIC = PathPrefixes(["/static/", "/media/"], name="some_option")


def test_what_lies_below_one_of_them_is_covered() -> None:
    assert STATIC.covers("/static/a/b.css")
    assert STATIC.covers("/media/")
    assert not STATIC.covers("/static")
    assert not STATIC.covers("/a/static/")


def test_there_may_be_none() -> None:
    assert STATIC
    assert not PathPrefixes([], name="some_option")
    assert not PathPrefixes([], name="some_option").covers("/static/")


@pytest.mark.parametrize("prefix", ["/", "", "static/", "/static", "https://cdn.example/"])
def test_only_a_folder_below_the_root_can_be_named(prefix: str) -> None:
    with pytest.raises(SetupError, match="some_option names"):
        PathPrefixes([prefix], name="some_option")


@pytest.mark.parametrize(
    "path",
    [
        "/static/a/../b",
        "/static/./b",
        "/static/a\\b",
        "/static/%61",
        "/static//a",
        "/static/;a",
        "/static/\ufffd",
    ],
)
def test_only_the_plainest_spelling_is_covered(path: str) -> None:
    assert not STATIC.covers(path)
