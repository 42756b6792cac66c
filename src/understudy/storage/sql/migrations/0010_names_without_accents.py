"""People and organizations are found by names that are typed without their accents.

What a search looks through has each part again without them. Rows that are all ASCII need nothing;
others end in a line feed once they are done. A node of before writes none of it, so that what it
saves is found by its accents until it is saved anew.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from understudy.storage.database.connection import Dialect
from understudy.storage.database.migrations import Port

COMPATIBLE_FROM = 2
_SLICE = 2_000
_LEFT = {
    Dialect.SQLITE: "folded_text GLOB '*[^' || char(10) || ' -~]*'"
    " AND substr(folded_text, -1) <> char(10)",
    Dialect.POSTGRESQL: "folded_text ~ '[^\\x01-\\x7f]' AND right(folded_text, 1) <> chr(10)",
}
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


def fill(port: Port) -> int:
    """A slice of those who have no text without accents yet."""
    return sum(_filled(port, table) for table in ("subjects", "organizations"))


def _filled(port: Port, table: str) -> int:
    rows = port.execute(
        f"SELECT application_id, id, folded_text FROM {table}"  # noqa: S608 - one of ours
        f" WHERE {_LEFT[port.dialect]} LIMIT :limit",
        {"limit": _SLICE},
    )
    for application_id, row_id, text in rows:
        port.execute(
            f"UPDATE {table} SET folded_text = :text"  # noqa: S608 - one of ours
            " WHERE application_id = :application_id AND id = :id",
            {"text": _with_plain(text), "application_id": application_id, "id": row_id},
        )
    return len(rows)


def _with_plain(text: Any) -> str:  # noqa: ANN401 - what a row holds
    # NOTE: as releases write it from this schema on; a copy, for what a migration did is history.
    parts = str(text).split("\n")
    return "\n".join([*parts, *(bare for part in parts if (bare := _plain(part)) != part)]) + "\n"


def _plain(part: str) -> str:
    apart = unicodedata.normalize("NFD", part.translate(_STROKES))
    kept = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", kept)
