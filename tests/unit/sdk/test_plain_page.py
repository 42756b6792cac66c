"""The shape of the SDK's own pages."""

from __future__ import annotations

import re

import pytest

from understudy.sdk.plain_page import plain_page, typed_again
from understudy.sdk.typed_text import Field


def test_a_page_may_be_framed_by_its_own_site_unless_it_says_otherwise() -> None:
    for more, ancestors in (({}, "'self'"), ({"ancestors": "'none'"}, "'none'")):
        policy = dict(plain_page(200, "Title", "<p>x</p>", **more).headers)  # type: ignore[arg-type]
        assert f"frame-ancestors {ancestors}" in policy["content-security-policy"]


def test_a_title_is_text_and_content_is_html() -> None:
    body = plain_page(200, "<b>", "<p>x</p>").body
    assert body.count(b"&lt;b&gt;") == 2
    assert b"<p>x</p>" in body


@pytest.mark.parametrize(
    ("text", "rows"), [("a", 1), ("a\nb", 2), ("a" * 120, 3), ("a\n" * 99, 12)]
)
def test_a_text_is_shown_as_high_as_it_is_up_to_a_bound(text: str, rows: int) -> None:
    assert re.findall(r"rows=(\d+)", typed_again([Field("text", text)])) == [str(rows)]


def test_where_nothing_was_typed_nothing_is_said_of_it() -> None:
    assert typed_again([]) == ""
