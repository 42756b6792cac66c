"""Which requests an app declares to change nothing."""

from __future__ import annotations

import pytest

from understudy.errors import SetupError
from understudy.sdk.declared_reads import DeclaredReads, is_declared, reads

POST = frozenset({"POST"})


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("POST /search", "/search"),
        ("/search", "/search"),
        ("* /search", "/search"),
        ("POST /shops/{id}/search", "/shops/7/search"),
        ("POST /reports/**", "/reports/2026/march"),
    ],
)
def test_a_declared_route_is_covered(pattern: str, path: str) -> None:
    assert DeclaredReads([pattern]).cover(POST, (path,))


def test_below_a_mount_point_either_reading_will_do() -> None:
    assert DeclaredReads(["POST /search"]).cover(POST, ("/shop/search", "/search"))


@pytest.mark.parametrize(
    "path",
    [
        "/search/",
        "/SEARCH",
        "/orders",
        "/search/../orders",
        "/%73earch",
        "/search;x",
        "//search",
        "/",
    ],
)
def test_any_other_path_or_spelling_is_not(path: str) -> None:
    assert not DeclaredReads(["POST /search"]).cover(POST, (path,))


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("/Search/", "/Search/", True),
        ("/Search/", "/search/", False),
        ("/search/", "/search", False),
        ("/shops/{id}/search", "/shops/A7/search", True),
        ("/shops/{id}/search", "/shops/7/8/search", False),
        ("/shops/{id:path}/search", "/shops/7/8/search", True),
        ("/reports/**", "/reports", True),
        ("/reports/**", "/Reports/2026", False),
        ("/reports/**", "/reports/March", True),
        ("/caf%C3%A9", "/café", True),
    ],
)
def test_letters_and_the_last_slash_are_as_they_are_declared(
    pattern: str, path: str, covered: bool
) -> None:
    assert DeclaredReads([f"POST {pattern}"]).cover(POST, (path,)) is covered


@pytest.mark.parametrize("methods", [{"DELETE"}, {"POST", "DELETE"}, {"PUT"}])
def test_nor_is_what_some_layer_may_take_for_another_method(methods: set[str]) -> None:
    assert not DeclaredReads(["POST /search"]).cover(frozenset(methods), ("/search",))
    assert DeclaredReads(["/search"]).cover(frozenset(methods), ("/search",))


def test_without_a_declaration_nothing_is_covered() -> None:
    assert not DeclaredReads()
    assert not DeclaredReads().cover(POST, ("/search",))


@pytest.mark.parametrize("pattern", ["search", "post /search", "/**", "* /**", "POST", ""])
def test_what_is_no_route_or_every_route_is_told(pattern: str) -> None:
    with pytest.raises(SetupError):
        DeclaredReads([pattern])


def test_one_text_is_no_list_of_routes() -> None:
    with pytest.raises(SetupError):
        DeclaredReads("/search")


@reads
class Whole:
    """Declared."""


class Heir(Whole):
    """Inherits from it."""


@reads
def search() -> None:
    """Declared."""


def test_a_declaration_is_of_this_very_view() -> None:
    assert is_declared(search)
    assert is_declared(Whole)
    assert not is_declared(Heir)
    assert not is_declared(print)
