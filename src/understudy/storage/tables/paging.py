"""Where a page begins: the sort key of the last row that the caller has seen."""

from __future__ import annotations

import re

from understudy import errors
from understudy.core.ports import Page

_NOWHERE = "This is not a position in the list."
_MILLISECONDS = re.compile(r"-?[0-9]{1,15}")
"""More digits than any time has, and fewer than what a database's column holds."""


def after_name(page: Page) -> dict[str, str | None]:
    """Parameters of a list in the order of ``(folded name, id)``."""
    name, row_id = _key(page)
    return {"after_name": name, "after_id": row_id}


def after_time(page: Page, column: str) -> dict[str, str | int | None]:
    """Parameters of a list in the order of ``(column, id)``, the column being a time."""
    moment, row_id = _key(page)
    if moment is not None and _MILLISECONDS.fullmatch(moment) is None:
        raise errors.InvalidInput(_NOWHERE)
    milliseconds = None if moment is None else int(moment)
    return {f"after_{column}": milliseconds, "after_id": row_id}


def _key(page: Page) -> tuple[str | None, str | None]:
    if page.after is None:
        return None, None
    try:
        first, second = page.after
    except ValueError as error:
        raise errors.InvalidInput(_NOWHERE) from error
    return first, second
