from __future__ import annotations

import msgspec
import pytest

from understudy.wires.native.schemas.queries import Cursor, EventTypeText, Limit


@pytest.mark.parametrize("limit", [0, 201, "50"])
def test_a_page_has_one_row_at_least_and_200_at_most(limit: object) -> None:
    assert [msgspec.convert(edge, Limit) for edge in (1, 200)] == [1, 200]
    with pytest.raises(msgspec.ValidationError, match="Expected"):
        msgspec.convert(limit, Limit)


@pytest.mark.parametrize("text", ["session", "session.started\n", "Session.started", "a.b.c", "."])
def test_what_is_no_type_of_an_entry_is_refused(text: str) -> None:
    assert msgspec.convert("later.added", EventTypeText) == "later.added"
    with pytest.raises(msgspec.ValidationError, match="regex"):
        msgspec.convert(text, EventTypeText)


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_cursor_is_neither_empty_nor_endless(text: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="length"):
        msgspec.convert(text, Cursor)
