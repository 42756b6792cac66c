"""What an ``audit.erased`` entry says about the payloads that are gone.

Its core details hold ``{"part": "personal" | "both", "indexes": "3-7,12"}`` and whatever else the
eraser wants to note. The indexes all lie before the entry itself. The core payload of an
``audit.erased`` entry is never erased: it is what tells an erasure from a theft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Self

from understudy.audit.entries.leaf import Json
from understudy.errors import AuditError

MAX_INDEXES_TEXT = 32_000
"""Characters in one entry; longer lists are split over several entries."""

_RANGE = re.compile(r"(0|[1-9][0-9]{0,18})(?:-([1-9][0-9]{0,18}))?")

IndexRange = tuple[int, int]
"""First and last index, both included."""


class ErasedPart(StrEnum):
    """How much of the entries was erased."""

    PERSONAL = "personal"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """The payloads that one ``audit.erased`` entry accounts for.

    ``ranges`` rise and neither overlap nor touch.
    """

    part: ErasedPart
    ranges: tuple[IndexRange, ...]

    def __post_init__(self) -> None:
        apart = all(one[1] + 1 < other[0] for one, other in pairwise(self.ranges))
        if not self.ranges or not apart or any(not 0 <= a <= b for a, b in self.ranges):
            raise AuditError("the erased indexes are not in their one order")

    def to_details(self) -> dict[str, str]:
        """The members for the details of the event."""
        return {"part": self.part.value, "indexes": ",".join(map(_print_range, self.ranges))}

    @classmethod
    def from_details(cls, details: Json) -> Self:
        """The erasure in the details of an event; further members are nobody's business here.

        :raises AuditError: when part or indexes are missing or spelled otherwise than printed.
        """
        if not isinstance(details, Mapping):
            raise AuditError("the erasure does not say what was erased")
        part, indexes = details.get("part"), details.get("indexes")
        if part not in tuple(ErasedPart) or not isinstance(indexes, str):
            raise AuditError("the erasure does not say what was erased")
        return cls(part=ErasedPart(part), ranges=tuple(map(_parse_range, indexes.split(","))))


def erasures(part: ErasedPart, indexes: Iterable[int]) -> Iterator[Erasure]:
    """The erasures, each short enough for one entry, that account for these rising indexes.

    :raises AuditError: when the indexes do not rise.
    """
    ranges: list[IndexRange] = []
    length = 0
    for one in _ranges(indexes):
        width = len(_print_range(one)) + 1
        if length + width > MAX_INDEXES_TEXT:
            yield Erasure(part=part, ranges=tuple(ranges))
            ranges, length = [], 0
        ranges.append(one)
        length += width
    if ranges:
        yield Erasure(part=part, ranges=tuple(ranges))


def _ranges(indexes: Iterable[int]) -> Iterator[IndexRange]:
    run: IndexRange | None = None
    for index in indexes:
        if run is not None and index != run[1] + 1:
            yield run
            run = None
        run = (index if run is None else run[0], index)
    if run is not None:
        yield run


def _print_range(one: IndexRange) -> str:
    first, last = one
    return str(first) if first == last else f"{first}-{last}"


def _parse_range(text: str) -> IndexRange:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise AuditError("the erased indexes have the form 3-7,12")
    first, last = int(found[1]), int(found[2] or found[1])
    if _print_range((first, last)) != text:
        raise AuditError("the erased indexes have the form 3-7,12")
    return first, last
