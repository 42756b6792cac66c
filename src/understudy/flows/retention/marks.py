"""How far retention has come in an application: what lies before was erased, or is under hold.

One fact in ``meta`` for each application. It is a place to go on from, never a claim: a hold's
release sets it back to the beginning, and what remains there is found through indexes in which
nothing that was erased stands any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from understudy.core.ports import Reader, Unit


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The next entry to look at, and the sort key of the last grant that was looked at."""

    next_index: int = 0
    last_grant: tuple[str, ...] | None = None


def mark_of(reader: Reader, application_id: str) -> Mark:
    """Where retention goes on."""
    stored = reader.meta.get(_name(application_id))
    if stored is None:
        return Mark()
    next_index, *last_grant = json.loads(stored)
    return Mark(next_index=next_index, last_grant=tuple(last_grant) or None)


def keep(unit: Unit, application_id: str, mark: Mark) -> None:
    """Go on from here next time."""
    value = json.dumps([mark.next_index, *(mark.last_grant or ())])
    unit.meta.put(_name(application_id), value)


def begin_anew(unit: Unit, application_id: str) -> None:
    """Look at everything once more: something is no longer held."""
    keep(unit, application_id, Mark())


def _name(application_id: str) -> str:
    return f"retention:{application_id}"
