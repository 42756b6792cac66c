"""Rows that come and go, each held against one entry: of its time, and of its id if it says one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from understudy.core.ports.comparison import Table, Told
from understudy.core.times import to_ms
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row

NEAR = timedelta(minutes=2)
"""How long a change that may end sessions waits for its turn; it is judged as of when it came."""


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """An entry that tells of a row: of that with this id, or of one of about its time."""

    entry: Told
    row_id: str | None


class MadeRows:
    """The rows of one operator in one table, and the entries near them that tell of such rows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: list[Told] = []
        self._begun: list[_Begun] = []
        self._all_over: Told | None = None
        self._unused_over: Told | None = None
        self._over: dict[str, Told] = {}

    def add(self, row: Told) -> None:
        """One row."""
        self._rows.append(row)

    def begin(self, entry: Told, *, row_id: str | None = None) -> None:
        """``entry`` tells that a row was made."""
        if any(_is_near(row, entry) for row in self._rows):
            self._begun.append(_Begun(entry=entry, row_id=row_id))

    def end_all(self, entry: Told) -> None:
        """``entry`` tells that whatever was made before it is gone."""
        self._all_over = entry

    def end_unused(self, entry: Told) -> None:
        """The same of what was not used."""
        self._unused_over = entry

    def end(self, entry: Told, row_id: str) -> None:
        """``entry`` tells that the row with this id is gone."""
        self._over[row_id] = entry

    def differences(self, *, longest: timedelta) -> Iterator[Difference]:
        """In which ways these rows are not what happened; none is good for over ``longest``."""
        for row in sorted(self._rows, key=lambda one: one.time, reverse=True):
            if row.facts["ends_at"] > to_ms(row.time + longest):
                yield self._of(DifferenceCode.ROW_WIDENED, row, "is good for longer than any")
            made = self._made(row)
            if made is None:
                yield self._of(DifferenceCode.ROW_UNLOGGED, row, "no entry tells of it")
            elif (over := self._over_since(row, made)) is not None:
                said = f"should be gone since entry {over.index} ({over.kind})"
                yield self._of(DifferenceCode.ROW_REVIVED, row, said, over)

    def _made(self, row: Told) -> Told | None:
        """The entry that tells of ``row``; it tells of no other then."""
        fits = [
            one
            for one in self._begun
            if _is_near(row, one.entry) and one.row_id in (None, row.facts["id"])
        ]
        if not fits:
            return None
        # One that names the row, else the latest: what was made before it may be gone by now.
        found = max(fits, key=lambda one: (one.row_id is not None, _place(one.entry)))
        self._begun.remove(found)
        return found.entry

    def _over_since(self, row: Told, made: Told) -> Told | None:
        ends = [self._all_over, self._over.get(row.facts["id"] or "")]
        if row.facts["used_at"] is None:
            ends.append(self._unused_over)
        later = [one for one in ends if one is not None and _place(one) > _place(made)]
        return min(later, key=_place, default=None)

    def _of(
        self, code: DifferenceCode, row: Told, message: str, entry: Told | None = None
    ) -> Difference:
        named = row.facts["id"] or "link"
        where = f"{named} of operator {row.key}, made {row.time.isoformat(timespec='seconds')}"
        return of_row(code, self._table, where, message, index=entry.index if entry else None)


def _is_near(row: Told, entry: Told) -> bool:
    return abs(row.time - entry.time) <= NEAR


def _place(entry: Told) -> int:
    return -1 if entry.index is None else entry.index
