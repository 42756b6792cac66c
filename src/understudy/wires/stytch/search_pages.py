"""Pages of the Stytch wire's searches: the cursor in, the cursor out."""

from __future__ import annotations

from typing import Any

from understudy.http.cursor import from_cursor, to_cursor
from understudy.storage.tables.folding import fold
from understudy.wires.stytch.requests import Search
from understudy.wires.stytch.search import Found, Window


def window(asked: Search) -> Window:
    """The page that is asked for.

    :raises InvalidInput: with a cursor that nobody here made.
    """
    after = from_cursor(asked.cursor) if asked.cursor else None
    return Window.of(asked, after, fold)


def metadata(found: Found[Any]) -> dict[str, Any]:
    """How many there are, and where the next page begins; an SDK goes on until that is null."""
    key = found.next_key
    return {"total": found.total, "next_cursor": None if key is None else to_cursor(key)}
