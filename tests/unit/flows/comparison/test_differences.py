from __future__ import annotations

from understudy.core.ports.comparison import Table
from understudy.flows.comparison.differences import ADVICE, Difference, DifferenceCode, of_row


def test_every_code_says_what_to_do_next() -> None:
    assert set(ADVICE) == set(DifferenceCode)
    assert all(text.endswith(".") for text in ADVICE.values())


def test_a_difference_names_its_row_or_else_its_entry() -> None:
    table = next(iter(Table))
    row = of_row(DifferenceCode.ROW_MISSING, table, "x_1", "It is gone.", index=7)
    assert (row.place, row.index, row.advice) == (
        f"{table} x_1",
        7,
        ADVICE[DifferenceCode.ROW_MISSING],
    )
    entry = Difference(
        code=DifferenceCode.ERASED_EARLY, table=None, row=None, index=9, message="Too early."
    )
    assert entry.place == "entry 9"
