"""Where a page begins."""

from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ports import Page
from understudy.storage.tables.paging import after_name, after_time


def test_the_first_page_begins_nowhere() -> None:
    assert after_name(Page()) == {"after_name": None, "after_id": None}
    assert after_time(Page(), "created_at") == {"after_created_at": None, "after_id": None}


def test_a_page_begins_after_the_key_of_the_last_row() -> None:
    assert after_name(Page(after=("ada", "1"))) == {"after_name": "ada", "after_id": "1"}
    assert after_time(Page(after=("17", "grt_1")), "created_at") == {
        "after_created_at": 17,
        "after_id": "grt_1",
    }


@pytest.mark.parametrize("after", [(), ("one",), ("1", "2", "3")])
def test_a_key_of_the_wrong_length_is_refused(after: tuple[str, ...]) -> None:
    with refusal_of(errors.InvalidInput, "invalid_input"):
        after_name(Page(after=after))


@pytest.mark.parametrize("moment", ["", "ada", "1.5", "9" * 16, "9" * 40, "1_0", "\u0661"])
def test_a_time_that_is_no_number_is_refused(moment: str) -> None:
    with refusal_of(errors.InvalidInput, "invalid_input"):
        after_time(Page(after=(moment, "grt_1")), "created_at")
