"""What changed between two texts, short enough for an entry."""

from __future__ import annotations

from difflib import unified_diff
from itertools import takewhile

MOST_LETTERS = 4_000
_CUT = "\n… cut; the digest is of the whole text."
MOST_LINES = 400
"""So many changed lines are matched with each other: the time for it grows with their square."""
_HEADER_LINES = 2


def difference(before: str, after: str) -> str:
    """The lines that went and came, as in a patch; cut where they are too many."""
    # By what ends a line for whoever reads policies, and by nothing that only looks like it.
    old, new = before.split("\n"), after.split("\n")
    if max(map(len, _between(old, new))) <= MOST_LINES:
        lines = list(unified_diff(old, new, n=0, lineterm=""))[_HEADER_LINES:]
    else:
        went, came = _between(old, new)
        lines = [*(f"-{line}" for line in went), *(f"+{line}" for line in came)]
    text = "\n".join(lines)
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + _CUT


def _between(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both without the lines with which both begin, and those with which both end."""
    begin = _alike(old, new)
    old, new = old[begin:], new[begin:]
    end = _alike(old[::-1], new[::-1])
    return old[: len(old) - end], new[: len(new) - end]


def _alike(one: list[str], other: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
