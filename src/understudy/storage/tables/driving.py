"""Which of a search's filters walks an index, and which only sift what it finds.

Left to themselves, the planners guess: SQLite takes any column for as selective as the next,
PostgreSQL may walk a whole list backwards for a rare row. We know better: a session has fewer rows
than an operator, an operator fewer than an application.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

P = TypeVar("P")


def drive(filters: dict[str, P | None], order: Iterable[str]) -> dict[str, P | None]:
    """``filters`` with the first of ``order`` that is given renamed to ``by_…``.

    ``order`` goes from the filter that leaves the fewest rows to the one that leaves the most.
    """
    for name in order:
        if filters.get(name) is not None:
            chosen = dict(filters)
            chosen[f"by_{name}"] = chosen.pop(name)
            return chosen
    return filters
