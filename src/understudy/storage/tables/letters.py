"""What the index of letters is asked for the words of a search.

It knows every three letters in a row of a text, two line feeds behind it, and a three of the
application's that no name needs. Whoever it names may still lack the words, which are looked for in
the text itself, or be another application's that has the same three: it only says who comes into
question.
"""

from __future__ import annotations

from collections.abc import Sequence

from understudy.storage.database.connection import Params
from understudy.storage.tables.folding import words_of

LONG = 3
"""So many letters in a row are known."""
MOST_THREES = 16
"""Threes of one word that are asked for: more hardly rule anybody out."""
COMMON = tuple("eaoinrstlhdcmup@.-_0123456789")
"""The most common first: to ask for what nearly everybody has costs more than it saves."""


def lettered(query: str, application_id: str) -> Params:
    """Parameters for each database: nobody of the application whom the words of ``query`` mean is
    left out.
    """
    words = words_of(query)
    threes = [_of_application(application_id), *(one for word in words for one in _threes(word))]
    short = _beginnings(words)
    return {
        "letters_match": " AND ".join(_matched(three) for three in threes),
        "beginnings": short,
        "letters_query": " & ".join(
            [*(_lexeme(three) for three in threes), *(f"{_lexeme(word)}:*" for word in short)]
        ),
    }


def _of_application(application_id: str) -> str:
    """As the migration and whoever takes rows in spell it (``0013_letters_of_names``)."""
    return "\x02" + ("00" + application_id)[-2:]


def _beginnings(words: Sequence[str]) -> tuple[str, ...]:
    """The words that are no three, as far as they pay; one at least if there is nothing else."""
    short = [word for word in dict.fromkeys(words) if len(word) < LONG]
    telling = tuple(word for word in short if word not in COMMON)
    if telling or len(short) < len(set(words)):
        return telling
    return (max(short, key=COMMON.index),)


def _threes(word: str) -> list[str]:
    found = (word[at : at + LONG] for at in range(len(word) - LONG + 1))
    return list(dict.fromkeys(found))[:MOST_THREES]


def _matched(three: str) -> str:
    """As SQLite's full-text search quotes it."""
    return '"' + three.replace('"', '""') + '"'


def _lexeme(text: str) -> str:
    """As PostgreSQL's full-text search quotes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
