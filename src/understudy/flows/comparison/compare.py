"""Compare rows with the log: nothing has power of which no entry tells.

Whoever can write the database and lacks the installation's key can write no entry. So rows that
they made, changed, deleted or put back are those that disagree with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter

from understudy.core.ports.comparison import Comparable, Table, Told
from understudy.flows.comparison.consents import compare_consents
from understudy.flows.comparison.differences import Difference
from understudy.flows.comparison.erasures import early_erasures
from understudy.flows.comparison.grants import compare_grant
from understudy.flows.comparison.people import compare_operator
from understudy.flows.comparison.policies import compare_policies
from understudy.flows.comparison.subjects import compare_subject, silent_imports
from understudy.flows.comparison.unexplained import compare_unexplained

MAX_DIFFERENCES = 1_000
"""Differences that a report lists; the rest is counted."""

_STEP = 256

Progress = Callable[[int], None]
"""Called now and then with the number of rows and entries compared so far."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What was found, and how many rows and entries were compared; ``more`` were left out."""

    compared: int
    differences: tuple[Difference, ...]
    more: int

    @property
    def ok(self) -> bool:
        """Whether rows and log agree."""
        return not self.differences


def compare(rows: Comparable, *, progress: Progress | None = None) -> Comparison:
    """Hold every row that gives power against the log, in memory that does not grow with either."""
    counter = _Counter(progress)
    kept: list[Difference] = []
    more = 0
    for difference in _differences(rows, counter):
        if len(kept) < MAX_DIFFERENCES:
            kept.append(difference)
        else:
            more += 1
    return Comparison(compared=counter.count, differences=tuple(kept), more=more)


def _differences(rows: Comparable, counter: _Counter) -> Iterator[Difference]:
    about_subject = partial(compare_subject, silent=silent_imports(rows))
    yield from _by_key(counter.over(rows.grants()), compare_grant)
    yield from compare_unexplained(Table.GRANT, rows.unexplained_grants())
    yield from compare_unexplained(Table.SESSION, rows.unexplained_sessions())
    yield from _by_key(counter.over(rows.team()), compare_operator)
    yield from _by_key(counter.over(rows.subjects()), about_subject)
    yield from _by_key(counter.over(rows.consents()), compare_consents)
    yield from _by_key(counter.over(rows.policies()), compare_policies)
    yield from early_erasures(rows)


def _by_key(
    told: Iterable[Told], judge: Callable[[Iterable[Told]], Iterator[Difference]]
) -> Iterator[Difference]:
    for _, group in groupby(told, key=attrgetter("key")):
        yield from judge(group)


class _Counter:
    def __init__(self, progress: Progress | None) -> None:
        self.count = 0
        self._progress = progress

    def over(self, told: Iterable[Told]) -> Iterator[Told]:
        """The same, counted."""
        for one in told:
            self.count += 1
            if self._progress is not None and not self.count % _STEP:
                self._progress(self.count)
            yield one
