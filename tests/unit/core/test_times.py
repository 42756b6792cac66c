from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.times import from_ms, to_ms

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@given(st.integers(-(2**40), 2**42))
def test_times_keep_their_milliseconds(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds
    assert from_ms(milliseconds).tzinfo is UTC


def test_what_is_finer_than_a_millisecond_is_cut_off() -> None:
    assert to_ms(NOON + timedelta(microseconds=999)) == to_ms(NOON)


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    assert to_ms(NOON.astimezone(timezone(timedelta(hours=9)))) == to_ms(NOON)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(TypeError):
        to_ms(datetime(2026, 3, 1))  # noqa: DTZ001 - the point of the test
