"""Where a page's mark is found, and that nothing else changes when it is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.sdk.page_marks import WRONG, marked, split_address, split_query


@pytest.mark.parametrize(
    ("query", "kept", "mark"),
    [
        (b"", b"", None),
        (b"a=1&b=%20;c", b"a=1&b=%20;c", None),
        (b"_understudy_page=ses_1", b"", "ses_1"),
        (b"a=1&_understudy_page=own&b=2", b"a=1&b=2", "own"),
        (b"a=1&&_understudy_page=ses_1", b"a=1&", "ses_1"),
        (b"_understudy_page=ses_1&_understudy_page=ses_1", b"", "ses_1"),
        (b"_understudy_page=ses_1&_understudy_page=ses_2", b"", WRONG),
        (b"_understudy_page", b"", WRONG),
        (b"next=/?_understudy_page=ses_1", b"next=/?_understudy_page=ses_1", None),
        (
            b"x_understudy_page=1&_understudy_pages=2",
            b"x_understudy_page=1&_understudy_pages=2",
            None,
        ),
    ],
)
def test_a_mark_is_taken_out_of_the_query(query: bytes, kept: bytes, mark: str | None) -> None:
    assert split_query(query) == (kept, mark)


@pytest.mark.parametrize(
    ("address", "kept", "mark"),
    [
        (b"https://app.example/a", b"https://app.example/a", None),
        (b"https://app.example/a?_understudy_page=own", b"https://app.example/a", "own"),
        (b"/a%20b?x=1&_understudy_page=own", b"/a%20b?x=1", "own"),
        (b"/_understudy_page=own", b"/_understudy_page=own", None),
    ],
)
def test_and_out_of_an_address(address: bytes, kept: bytes, mark: str | None) -> None:
    assert split_address(address) == (kept, mark)


@pytest.mark.parametrize("address", ["/a", "/a?b=1"])
def test_what_is_marked_is_found_again(address: str) -> None:
    assert split_address(marked(address, "ses_1").encode()) == (address.encode(), "ses_1")


@given(st.lists(st.binary(max_size=8).filter(lambda part: b"&" not in part), max_size=5))
def test_all_other_bytes_stay_as_they_were(parts: list[bytes]) -> None:
    query = b"&".join([*parts, b"_understudy_page=own"])
    assert split_query(query) == (b"&".join(parts), "own")
