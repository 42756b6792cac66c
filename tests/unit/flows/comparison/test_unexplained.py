"""Rows without an entry, weighed against what is left of erased ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from understudy.core.ports.comparison import Table, Unexplained
from understudy.flows.comparison.unexplained import compare_unexplained

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def _unlogged(*found: tuple[float, str | None]) -> list[str | None]:
    ordered = (
        Unexplained(time=BEGIN + timedelta(seconds=second), row=row) for second, row in found
    )
    return [one.row for one in compare_unexplained(Table.SESSION, ordered)]


@pytest.mark.parametrize("first", [None, "a"])
def test_one_erased_entry_stands_for_one_row_of_its_time(first: str | None) -> None:
    other = "a" if first is None else None
    assert _unlogged((0, first), (5, other)) == []
    assert _unlogged((0, first), (5.001, other)) == ["a"]


def test_a_row_more_than_there_are_entries_was_never_logged() -> None:
    assert len(_unlogged((0, "a"), (0, "b"), (1, None))) == 1
    assert len(_unlogged((0, None), (0, "a"), (1, "b"))) == 1
    assert _unlogged((0, None), (0, None), (1, "a"), (2, "b")) == []


def test_rows_and_entries_that_lie_close_are_paired_as_far_as_they_can_be() -> None:
    # The first row takes the first entry, so that the second one still finds the other.
    assert _unlogged((0, "a"), (3, None), (4, "b"), (8, None)) == []


def test_an_erased_entry_without_its_row_is_no_finding() -> None:
    assert _unlogged((0, None), (60, None)) == []
