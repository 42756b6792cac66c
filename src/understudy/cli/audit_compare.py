"""How verbs tell whether rows and log agree."""

from __future__ import annotations

from understudy.cli.output import err, one_line
from understudy.flows.comparison.compare import Comparison

SHOWN = 20
"""Findings that people are shown; scripts get all of them."""


def facts_of(found: Comparison) -> dict[str, object]:
    """The comparison as ``--json`` prints it."""
    return {
        "compared": found.compared,
        "findings": [
            {
                "code": one.code,
                "table": one.table,
                "row": one.row,
                "index": one.index,
                "message": one.message,
                "advice": one.advice,
            }
            for one in found.differences
        ],
        "more_findings": found.more,
    }


def print_differences(found: Comparison) -> None:
    """Which row, what is wrong with it, and what to do: the latter once for each kind."""
    shown = found.differences[:SHOWN]
    for one in shown:
        err.print(one_line(f"{one.place}: {one.message} ({one.code})"), markup=False)
    for advice in dict.fromkeys(one.advice for one in shown):
        err.print(f"  {advice}", markup=False)
    hidden = len(found.differences) + found.more - len(shown)
    if hidden:
        err.print(f"… and {hidden:,} more; --json lists them")
