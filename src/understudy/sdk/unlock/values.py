"""What the service says of one blocked change."""

from __future__ import annotations

from typing import NamedTuple


class Spent(NamedTuple):
    """Whether a change may be made now, this once; else in which fields it is another one."""

    spent: bool
    differs: tuple[str, ...] = ()


class Asked(NamedTuple):
    """What was asked for: its id, and how it stands."""

    id: str
    status: str
