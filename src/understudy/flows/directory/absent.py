"""What a file or a body does not say: it stays, where nothing (None) is said to take it away."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, Literal, TypeVar

T = TypeVar("T")


class Absent(Enum):
    """The type of `ABSENT`."""

    ABSENT = auto()


ABSENT: Final = Absent.ABSENT
"""Nothing was said about it."""

Unsaid = Literal[Absent.ABSENT]


def said_or(said: T | Unsaid, kept: T) -> T:
    """What was said, or else what is there."""
    return kept if said is ABSENT else said
