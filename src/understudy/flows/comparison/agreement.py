"""What others said to a grant, and its review, beside what the log says of them.

As in ``grants``: what retention has erased is never held against a row. Whoever said something did
so after the grant was made, so that the entry of that being there, theirs is.
"""

from __future__ import annotations

from collections.abc import Iterator

from understudy.core.notices.events import EventType
from understudy.core.ports.comparison import Table, Told
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row

_MADE = frozenset({EventType.GRANT_CREATED, EventType.GRANT_REQUESTED})
_AGREED = "agreed"


class Agreement:
    """What is said of the approvals and the review of one grant, its entries in order."""

    def __init__(self) -> None:
        self._made = False
        self._rows: dict[str, Told] = {}
        self._said: dict[str, Told] = {}
        self._review: Told | None = None
        self._broken: Told | None = None
        self._closed: Told | None = None

    def take(self, one: Told) -> None:
        """A row, or the next entry."""
        if one.kind == Table.APPROVAL:
            self._rows[one.facts["actor_ref"]] = one
        elif one.kind == Table.REVIEW:
            self._review = one
        elif one.kind in (EventType.APPROVAL_GIVEN, EventType.APPROVAL_WITHDRAWN):
            self._said[str(one.facts.get("doer_ref"))] = one
        elif one.kind == EventType.GLASS_BROKEN:
            self._broken = one
        elif one.kind == EventType.REVIEW_CLOSED:
            self._closed = one
        self._made = self._made or one.kind in _MADE

    def differences(self) -> Iterator[Difference]:
        """In which ways the rows are not what was said."""
        if not self._made:
            return
        for operator, row in self._rows.items():
            if row.facts["status"] == _AGREED:
                yield from _of_agreement(row, self._said.get(operator))
        for operator, said in self._said.items():
            if operator not in self._rows:
                yield _missing(Table.APPROVAL, operator, said)
        yield from self._of_review()

    def _of_review(self) -> Iterator[Difference]:
        review, broken = self._review, self._broken
        if review is None and broken is not None:
            yield _missing(Table.REVIEW, broken.key, broken)
        elif review is not None and review.facts["ended_at"] is not None and self._closed is None:
            yield of_row(
                DifferenceCode.END_UNLOGGED, Table.REVIEW, review.facts["id"],
                "is closed, and no entry says so",
            )  # fmt: skip


def _of_agreement(row: Told, said: Told | None) -> Iterator[Difference]:
    name = row.facts["id"]
    if said is None:
        code = DifferenceCode.ROW_UNLOGGED
        yield of_row(code, Table.APPROVAL, name, "no entry says that somebody agreed")
    elif said.kind == EventType.APPROVAL_WITHDRAWN:
        yield of_row(
            DifferenceCode.ROW_REVIVED, Table.APPROVAL, name,
            f"stands; entry {said.index} says that it was taken back", index=said.index,
        )  # fmt: skip


def _missing(table: Table, name: str, entry: Told) -> Difference:
    message = f"is not there; entry {entry.index} ({entry.kind}) tells of it"
    return of_row(DifferenceCode.ROW_MISSING, table, name, message, index=entry.index)
