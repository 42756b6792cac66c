"""What is wrong with a file, and with one row of it."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.errors import InvalidInput


class NotMapped(InvalidInput):
    """Nobody said which of the ``columns`` is what; the file can be read once that is said."""

    def __init__(self, detail: str, columns: Iterable[str]) -> None:
        super().__init__(detail, facts={"field": "map"})
        self.columns = tuple(columns)


class BadRow(InvalidInput):
    """One row cannot be used. ``problem`` is a code of its own, which callers match on.

    ``column`` is one of ours, where the fault lies in one.
    """

    def __init__(self, problem: str, detail: str, *, column: str | None = None) -> None:
        super().__init__(detail)
        self.problem = problem
        self.column = column
