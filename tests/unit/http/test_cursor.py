from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from tests.fixtures.engine import START
from understudy.core.ports import Page
from understudy.errors import InvalidInput
from understudy.http.cursor import cut, from_cursor, page_of, time_key, to_cursor

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=50)


@given(st.lists(TEXT, max_size=3).map(tuple))
def test_a_cursor_leads_back_to_its_key(key: tuple[str, ...]) -> None:
    assert from_cursor(to_cursor(key)) == key


@pytest.mark.parametrize("cursor", ["", "!", "e30", "WzFd", "WyJhIl0=", "W10K", "WyJcdTAwMDAiXQ"])
def test_what_nobody_made_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_cursor(cursor)
    assert refused.value.facts == {"field": "cursor"}


def test_one_row_more_tells_whether_there_is_another_page() -> None:
    assert page_of(UNSET, 2) == Page(limit=3, after=None)
    shown, cursor = cut([1, 2, 3], 2, lambda row: (str(row),))
    assert shown == [1, 2]
    assert page_of(str(cursor), 2) == Page(limit=3, after=("2",))
    assert cut([1, 2], 2, lambda row: (str(row),)) == ([1, 2], None)


def test_times_are_keys_in_milliseconds() -> None:
    moment = START.replace(microsecond=123_000)
    assert time_key(moment, "ses_1") == (f"{int(START.timestamp())}123", "ses_1")
