"""What a comparison of rows with the log found: each with a stable code, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from understudy.core.ports.comparison import Table


class DifferenceCode(StrEnum):
    """Every way in which rows and log can disagree. Stable: scripts match on it."""

    ROW_UNLOGGED = "row_unlogged"
    ROW_MISSING = "row_missing"
    ROW_DIFFERS = "row_differs"
    ROW_WIDENED = "row_widened"
    ROW_REVIVED = "row_revived"
    END_UNLOGGED = "end_unlogged"
    PROTECTION_UNLOGGED = "protection_unlogged"
    ERASED_EARLY = "erased_early"


ADVICE = {
    DifferenceCode.ROW_UNLOGGED: "Somebody wrote it into the database. End what it opens "
    "(understudy sessions revoke, or disable the operator), and find out who can write there.",
    DifferenceCode.ROW_MISSING: "Somebody deleted it from the database. What it was stands in the "
    "entry; what was done by it is in the log: understudy audit list.",
    DifferenceCode.ROW_DIFFERS: "Somebody changed it in the database. The entry is what was "
    "decided: end what the row opens, and put the row right.",
    DifferenceCode.ROW_WIDENED: "Somebody gave it more than was granted. End it: understudy "
    "sessions revoke.",
    DifferenceCode.ROW_REVIVED: "Somebody put back what was over. End it again (understudy "
    "sessions revoke, or disable the operator).",
    DifferenceCode.END_UNLOGGED: "Somebody ended it in the database: who did so is in no entry.",
    DifferenceCode.PROTECTION_UNLOGGED: "Somebody took the protection away in the database. "
    "Protect the user again, and look for sessions: understudy audit list.",
    DifferenceCode.ERASED_EARLY: "Retention was made to erase what it had to keep. Bring a backup, "
    "or an export of before, and look who could change retention in the database.",
}
"""What to do about each."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One disagreement. ``table`` and ``row`` name a row, ``index`` an entry, as far as known."""

    code: DifferenceCode
    table: Table | None
    row: str | None
    index: int | None
    message: str

    @property
    def advice(self) -> str:
        """What to do next."""
        return ADVICE[self.code]

    @property
    def place(self) -> str:
        """Which row it is, or else which entry."""
        if self.table is None:
            return f"entry {self.index}"
        return f"{self.table} {self.row}"


def of_row(
    code: DifferenceCode, table: Table, row: str, message: str, *, index: int | None = None
) -> Difference:
    """A difference of one row; ``index`` is the entry that says otherwise."""
    return Difference(code=code, table=table, row=row, index=index, message=message)
