from __future__ import annotations

from dataclasses import dataclass

from understudy.http.readings import BUDGET, WINDOW_SECONDS, Readings


@dataclass
class Timer:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_what_passes_the_budget_is_to_be_told_until_it_is() -> None:
    readings = Readings(timer=Timer())
    assert readings.shown("opr_1", BUDGET) == 0
    assert readings.shown("opr_2", 1) == 0
    assert readings.shown("opr_1", 1) == BUDGET + 1
    assert readings.shown("opr_1", 1) == BUDGET + 2
    readings.told("opr_1")
    assert readings.shown("opr_1", BUDGET) == 0


def test_an_hour_later_it_begins_anew() -> None:
    timer = Timer()
    readings = Readings(timer=timer)
    readings.shown("opr_1", BUDGET)
    timer.now += WINDOW_SECONDS - 1
    assert readings.shown("opr_1", 1) == BUDGET + 1
    readings.told("opr_1")
    readings.shown("opr_1", BUDGET)
    timer.now += WINDOW_SECONDS
    assert readings.shown("opr_1", 1) == 0
