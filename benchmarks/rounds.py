"""Measuring several things in turn, so that whatever else the machine does hits all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
Round = Callable[[], float]


def interleaved(rounds: int, measures: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """The figures of every measure, ``rounds`` of each, taken in turn."""
    found: dict[str, list[T]] = {name: [] for name in measures}
    for number in range(rounds):
        # Every other round backwards: nobody always comes after the same neighbour.
        names = list(measures) if number % 2 == 0 else list(reversed(list(measures)))
        for name in names:
            found[name].append(measures[name]())
    return found


def microseconds(work: Callable[[], object], number: int) -> float:
    """Of this thread's processor time, for once of ``number`` times."""
    begin = time.thread_time()
    for _ in range(number):
        work()
    return (time.thread_time() - begin) / number * 1e6


def medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each measure."""
    return {name: statistics.median(figures) for name, figures in found.items()}


def best(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The least of each measure: for processor time, which neighbours can only make longer."""
    return {name: min(figures) for name, figures in found.items()}


def quantile(figures: Sequence[float], share: float) -> float:
    """The smallest figure that at least ``share`` of all do not exceed."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
