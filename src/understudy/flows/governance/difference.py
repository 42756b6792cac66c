"""What changed between two texts, short enough for an entry."""

from __future__ import annotations

from difflib import unified_diff

MOST_LETTERS = 4_000
_CUT = "\n… cut; the digest is of the whole text."
_HEADER_LINES = 2


def difference(before: str, after: str) -> str:
    """The lines that went and came, as in a patch; cut where they are too many."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    text = "\n".join(list(lines)[_HEADER_LINES:])
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS] + _CUT
