"""Exceptions cover what they name, as it is written."""

from __future__ import annotations

import pytest

from understudy.core.impersonation.exact_routes import exact_route, is_plain


@pytest.mark.parametrize(
    ("route", "method", "path", "covered"),
    [
        ("POST /search", "POST", "/search", True),
        ("/search", "DELETE", "/search", True),
        ("* /search", "DELETE", "/search", True),
        ("POST /search", "PUT", "/search", False),
        ("POST /search", "POST", "/SEARCH", False),
        ("POST /search", "POST", "/search/", False),
        ("POST /search", "POST", "/a/../search", False),
        ("POST /search", "POST", "/orders", False),
        ("POST /a/{id}/b", "POST", "/a/X/b", True),
        ("POST /a/{id:path}/b", "POST", "/a/x/y/b", True),
        ("POST /a/**", "POST", "/a", True),
        ("POST /a/**", "POST", "/A/b", False),
        ("POST /%61", "POST", "/a", True),
    ],
)
def test_a_route_covers_what_it_names(route: str, method: str, path: str, covered: bool) -> None:
    found = exact_route(route)
    assert found is not None
    assert found.covers(method, path) is covered


@pytest.mark.parametrize("text", ["", "search", "post /a", "POST", "/**", "* /{rest:path}", "/a\n"])
def test_what_names_no_route_or_all_is_none(text: str) -> None:
    assert exact_route(text) is None


def test_a_path_is_plain_that_has_one_reading() -> None:
    assert is_plain("/a/B/")
    assert is_plain("/")
    assert not is_plain("/a//b")
