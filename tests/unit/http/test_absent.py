from __future__ import annotations

import pytest
from msgspec import UNSET

from understudy.http.absent import given


@pytest.mark.parametrize("value", ["", 0, False, "ada"])
def test_what_was_given_is_kept_even_if_it_counts_as_nothing(value: object) -> None:
    assert given(value) is value


def test_what_was_left_out_is_none() -> None:
    assert given(UNSET) is None
