"""Rows of which no entry tells, weighed against entries whose payload retention has erased.

Type and time of an entry outlive its payload. So each row may stand for one such entry of its time,
and one row more than there are of them was never logged. Which of the rows that is cannot be told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from understudy.core.ports.comparison import Table, Unexplained
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row
from understudy.flows.comparison.grants import NEAR


def compare_unexplained(table: Table, found: Iterable[Unexplained]) -> Iterator[Difference]:
    """The rows that no erased entry stands for; ``found`` rises by time."""
    rows: deque[Unexplained] = deque()
    erased: deque[Unexplained] = deque()
    for one in found:
        while erased and one.time - erased[0].time > NEAR:
            erased.popleft()
        while rows and one.time - rows[0].time > NEAR:
            yield _unlogged(table, rows.popleft())
        (erased if one.row is None else rows).append(one)
        if rows and erased:
            rows.popleft()
            erased.popleft()
    yield from (_unlogged(table, row) for row in rows)


def _unlogged(table: Table, row: Unexplained) -> Difference:
    at = row.time.isoformat(timespec="seconds")
    code = DifferenceCode.ROW_UNLOGGED
    return of_row(code, table, str(row.row), f"began at {at}, and no entry tells of it")
