from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.rules.world import World
from understudy.core.ports import Unit
from understudy.errors import ClockInDoubt
from understudy.flows import clock_doubt
from understudy.flows.clock_doubt import MOST_UNCONFIRMED, OVERLOOKED


def test_nobody_begins_behind_what_the_log_has_seen(installation: World) -> None:
    def look(unit: Unit) -> tuple[bool, bool]:
        newest = unit.entries.newest()
        assert newest is not None
        second = timedelta(seconds=1)
        return (
            clock_doubt.is_behind(unit, newest - second),
            clock_doubt.is_behind(unit, newest - 3 * second),
        )

    assert installation.run(look) == (False, True)

    def begin(unit: Unit) -> None:
        unit.now -= timedelta(hours=1)
        with pytest.raises(ClockInDoubt) as refused:
            clock_doubt.require_not_behind(unit)
        assert refused.value.code == "clock_in_doubt"

    installation.run(begin)


def test_what_nobody_saw_adds_up_until_somebody_confirms(installation: World) -> None:
    def pass_unseen(unit: Unit) -> list[bool]:
        found = []
        for ahead in (OVERLOOKED, MOST_UNCONFIRMED, timedelta(hours=1)):
            clock_doubt.add_unconfirmed(unit, ahead)
            found.append(clock_doubt.retention_waits(unit))
        clock_doubt.forget_doubts(unit)
        return [*found, clock_doubt.retention_waits(unit)]

    assert installation.run(pass_unseen) == [False, False, True, False]
