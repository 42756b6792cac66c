"""How texts are made comparable, so that searches mind neither case, accents nor order of words."""

from __future__ import annotations

import unicodedata

MOST_WORDS = 8
"""Words of a search that count."""

# Letters that are written without their stroke, and are no letter with a mark to Unicode.
_STROKES = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


def fold(text: str) -> str:
    """``text`` without differences of case, width and the like (NFKC, then case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def plain(folded: str) -> str:
    """``folded`` as it is typed by whoever has not its accents."""
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFD", folded.translate(_STROKES))
    kept = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", kept)


def searchable(*parts: str | None) -> str:
    """What a search looks through: the folded parts, each on a line, and again without accents.

    NOTE: what is not all ASCII ends in a line feed. The migration that added the lines without
    accents knows by it which rows have them, or need none.
    """
    folded = [fold(part) for part in parts if part]
    text = "\n".join(folded)
    if text.isascii():
        return text
    without = [bare for part in folded if (bare := plain(part)) != part]
    return "\n".join([text, *without]) + "\n"


def containing(query: str) -> tuple[str, ...]:
    """A pattern for ``LIKE … ESCAPE '!'`` for each word of ``query``; a text fits all of them."""
    return tuple(f"%{_escaped(word)}%" for word in words_of(query))


def words_of(query: str) -> tuple[str, ...]:
    """The words of ``query`` that count, folded; no blank is in any."""
    return tuple(fold(query).split()[:MOST_WORDS])


def _escaped(word: str) -> str:
    for special in "!%_":
        word = word.replace(special, "!" + special)
    return word
