"""Erasures by retention, also those that release 0.1 has made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.core.ports.comparison import Comparable
from understudy.flows.comparison.differences import DifferenceCode
from understudy.flows.comparison.erasures import early_erasures

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Log:
    """A log of which only what the comparison asks for is made up."""

    written: list[Entry] = field(default_factory=list)

    def add(self, kind: EventType, day: float, application: str = "app", **details: Any) -> int:
        index = len(self.written)
        core: dict[str, Any] = {"application_id": application, "details": details}
        time = BEGIN + timedelta(days=day)
        self.written.append(
            Entry(index=index, time=time, type=kind, leaf=b"", core=core, personal=None)
        )
        return index

    def ordered(self, day: float, days: int, **more: Any) -> int:
        return self.add(EventType.APPLICATION_UPDATED, day, retention_days=days, **more)

    def erased(self, day: float, indexes: str, cause: str | None = "retention") -> int:
        kind = EventType.AUDIT_ERASED
        return self.add(kind, day, part="both", indexes=indexes, cause=cause)

    def entries(self, types: frozenset[str]) -> Iterator[Entry]:
        return (entry for entry in self.written if entry.type in types)

    def younger(self, first: int, last: int, moment: datetime) -> Iterator[int]:
        return (one.index for one in self.written[first : last + 1] if one.time >= moment)

    def found(self) -> Sequence[tuple[int | None, str]]:
        return [(one.index, one.message) for one in early_erasures(cast(Comparable, self))]


@pytest.fixture
def log() -> Log:
    return Log()


def test_what_was_old_enough_is_no_finding(log: Log) -> None:
    log.ordered(0, 30)
    log.add(EventType.SESSION_STARTED, 1)
    log.erased(31.01, "1")
    assert log.found() == []


def test_what_was_too_young_is_told_with_its_first_and_its_number(log: Log) -> None:
    order = log.ordered(0, 30)
    for day in (1, 20, 21, 22):
        log.add(EventType.SESSION_STARTED, day)
    erasure = log.erased(40, "1-2,4")
    (one,) = early_erasures(cast(Comparable, log))
    assert (one.code, one.index) == (DifferenceCode.ERASED_EARLY, erasure)
    assert "2 entries too early, the first of them 2:" in one.message
    assert f"30 days, as entry {order} ordered" in one.message


def test_what_was_not_erased_in_between_is_nobodys_concern(log: Log) -> None:
    log.ordered(0, 30)
    for day in (1, 35, 2):
        log.add(EventType.SESSION_STARTED, day)
    log.erased(40, "1,3")
    assert log.found() == []


def test_a_shorter_retention_waits_for_the_longer_one(log: Log) -> None:
    log.ordered(0, 30)
    log.add(EventType.SESSION_STARTED, 1)
    log.ordered(2, 7, retention_days_before=30)
    log.erased(10, "1")
    assert [index for index, _ in log.found()] == [3]
    log.add(EventType.SESSION_STARTED, 25)
    log.erased(33, "4")
    assert [index for index, _ in log.found()] == [3]


def test_a_longer_retention_holds_at_once(log: Log) -> None:
    log.add(EventType.SESSION_STARTED, 0)
    log.ordered(0, 7)
    log.ordered(5, 30, retention_days_before=7)
    log.erased(8, "0")
    assert [index for index, _ in log.found()] == [3]


def test_release_0_1_made_a_shorter_retention_hold_at_once_and_said_nothing_of_before(
    log: Log,
) -> None:
    log.ordered(0, 30)
    log.add(EventType.SESSION_STARTED, 1)
    log.ordered(2, 7)
    log.erased(10, "1")
    assert log.found() == []


def test_where_the_orders_were_erased_a_day_is_what_is_known(log: Log) -> None:
    log.add(EventType.SESSION_STARTED, 1)
    log.add(EventType.SESSION_STARTED, 4.9)
    log.erased(5, "0")
    assert log.found() == []
    log.erased(5, "1")
    assert [index for index, _ in log.found()] == [3]


def test_each_application_has_its_own_retention(log: Log) -> None:
    log.add(EventType.APPLICATION_CREATED, 0, "other", retention_days=3650)
    log.ordered(0, 1)
    log.add(EventType.SESSION_STARTED, 0)
    log.erased(2, "2")
    assert log.found() == []


@pytest.mark.parametrize(("cause", "indexes"), [(None, "0"), ("retention", "0-")])
def test_what_somebody_asked_for_and_what_cannot_be_read_is_left_to_others(
    log: Log, cause: str | None, indexes: str
) -> None:
    log.add(EventType.SESSION_STARTED, 1)
    log.erased(1, indexes, cause)
    assert log.found() == []
