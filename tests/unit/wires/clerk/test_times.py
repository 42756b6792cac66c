from __future__ import annotations

from datetime import UTC, datetime

from understudy.core.times import to_ms
from understudy.wires.clerk.times import to_seconds

MOMENT = datetime(2026, 11, 22, 9, 30, 0, 999_999, tzinfo=UTC)


def test_times_are_whole_numbers_rounded_down() -> None:
    assert to_ms(MOMENT) == 1_795_339_800_999
    assert to_seconds(MOMENT) == 1_795_339_800
    assert isinstance(to_ms(MOMENT), int)
