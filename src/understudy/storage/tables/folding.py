"""How texts are made comparable, so that searches do not mind case and compatibility forms."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """``text`` without differences of case, width and the like (NFKC, then case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def searchable(*parts: str | None) -> str:
    """What a search looks through: the folded parts, each on a line."""
    return "\n".join(fold(part) for part in parts if part)


def containing(query: str) -> str | None:
    """The pattern for ``LIKE … ESCAPE '!'`` of texts that contain ``query``; None for an empty one.

    Line feeds are taken for spaces: nothing is found across two parts.
    """
    folded = fold(query.replace("\n", " ")).strip()
    if not folded:
        return None
    for special in "!%_":
        folded = folded.replace(special, "!" + special)
    return f"%{folded}%"
