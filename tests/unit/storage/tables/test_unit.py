from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.contract.storage.engines import NOON, Clock, engine_on, marks
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.ports import Unit
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.tables.unit import StoreUnit


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[StoreEngine]:
    with engine_on(f"sqlite:///{tmp_path / 'u.db'}", tmp_path / "data", clock=clock) as engine:
        yield engine


def test_unit_has_a_single_instant(engine: StoreEngine, clock: Clock) -> None:
    def look_twice(unit: Unit) -> tuple[datetime, datetime]:
        first = unit.now
        clock.move(timedelta(seconds=1))
        return first, unit.now

    assert engine.run(look_twice) == (NOON, NOON)
    assert engine.run(lambda unit: unit.now) == NOON + timedelta(seconds=1)


def test_unit_that_is_over_keeps_its_instant(engine: StoreEngine, clock: Clock) -> None:
    first = engine.run(lambda unit: unit)
    clock.move(timedelta(seconds=1))
    second = engine.run(lambda unit: unit)
    assert (first.now, second.now) == (NOON, NOON + timedelta(seconds=1))


def test_entry_carries_the_time_of_its_unit(engine: StoreEngine, clock: Clock) -> None:
    clock.move(timedelta(seconds=5))
    index = engine.run(marks("a"))
    with engine.reading() as reader:
        entry = reader.entries.get(index)
    assert entry is not None
    assert entry.time == NOON + timedelta(seconds=5)


def test_ids_and_random_bytes_are_fresh(engine: StoreEngine) -> None:
    def draw(unit: Unit) -> tuple[str, str, bytes]:
        return unit.new_id(IdPrefix.GRANT), unit.new_id(IdPrefix.GRANT), unit.random(32)

    first, second, raw = engine.run(draw)
    assert first.startswith("grt_")
    assert len(first) == len("grt_") + 22
    assert first != second
    assert len(raw) == 32


def test_random_bytes_come_from_the_given_generator(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'u.db'}"
    with engine_on(url, tmp_path / "data", random=lambda count: b"\x07" * count) as engine:
        assert engine.run(lambda unit: unit.random(5)) == b"\x07" * 5
        assert (
            engine.run(lambda unit: unit.new_id(IdPrefix.SESSION)) == "ses_BwcHBwcHBwcHBwcHBwcHBw"
        )


def test_a_flow_is_judged_as_of_a_moment_while_the_logs_time_goes_on(
    engine: StoreEngine, clock: Clock
) -> None:
    asked = clock.now
    clock.move(timedelta(seconds=3))

    def flow(unit: Unit) -> datetime:
        judged = cast(StoreUnit, unit).as_of(asked)
        marks("late")(judged)
        return judged.now

    assert engine.run(flow) == asked
    with engine.reading() as reader:
        [entry] = reader.entries.after(0, limit=10)
    assert entry.time == clock.now


def test_nothing_is_judged_as_of_the_future(engine: StoreEngine, clock: Clock) -> None:
    later = clock.now + timedelta(seconds=1)
    assert engine.run(lambda unit: cast(StoreUnit, unit).as_of(later).now) == clock.now
