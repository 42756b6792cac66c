from __future__ import annotations

import pytest

from understudy.core.text import fold_email, is_local_path, is_plain_text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "relative",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a b",
        "/a\r\nSet-Cookie: x",
        "/a\tb",
        "/é",
    ],
)
def test_a_return_path_never_leaves_the_origin(path: str) -> None:
    assert not is_local_path(path)


@pytest.mark.parametrize("path", ["/", "/reports", "/reports?from=1&to=2#top", "/%2f%2fevil"])
def test_a_return_path_on_the_origin_is_fine(path: str) -> None:
    assert is_local_path(path)


def test_line_feeds_are_text_and_controls_are_not() -> None:
    assert is_plain_text("one\ntwo")
    assert not is_plain_text("one\rtwo")
    assert not is_plain_text("\ud800")


def test_addresses_are_compared_without_regard_to_case_and_width() -> None:
    assert fold_email(" \uff21DA@Acme.example ") == "ada@acme.example"
