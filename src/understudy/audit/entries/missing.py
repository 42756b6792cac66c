"""Which payloads are missing, and whether logged erasures account for them.

An erasure is logged after what it erases, so a log is read to its end before a gap is an alarm.
One byte is kept for each entry, whatever its index, so that ten million of them take ten megabytes
and a hostile index takes none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from understudy.audit.entries.erasure import ErasedPart, Erasure
from understudy.audit.entries.leaf import Part

_CORE = 1
_PERSONAL = 2
_NAMES = {_CORE: Part.CORE, _PERSONAL: Part.PERSONAL}

_MARKED = re.compile(rb"[^\0]")

# What is left of each mark after an erasure.
_AFTER = {
    ErasedPart.PERSONAL: bytes(mark & ~_PERSONAL for mark in range(256)),
    ErasedPart.BOTH: bytes(256),
}


@dataclass(kw_only=True)
class MissingPayloads:
    """The missing payloads that nothing accounts for so far; entries come with rising indexes."""

    core: int = 0
    personal: int = 0
    _marks: bytearray = field(default_factory=bytearray)
    # Entries without a gap between them lie side by side in the marks: where each such run starts.
    _run_indexes: list[int] = field(default_factory=list)
    _run_positions: list[int] = field(default_factory=list)
    _next: int = -1

    def see(self, index: int, *, core: bool, personal: bool) -> None:
        """Take note of one entry and of whether each payload is missing."""
        if index != self._next:
            self._run_indexes.append(index)
            self._run_positions.append(len(self._marks))
        self._next = index + 1
        self.core += core
        self.personal += personal
        self._marks.append(core * _CORE | personal * _PERSONAL)

    def account_for(self, erasure: Erasure) -> None:
        """Strike out what the erasure covers among the entries seen so far."""
        for first, last in erasure.ranges:
            start, end = self._position(first), self._position(last + 1)
            self._marks[start:end] = self._marks[start:end].translate(_AFTER[erasure.part])

    def unaccounted(self) -> Iterator[tuple[int, Part]]:
        """Index and part of every missing payload without an erasure, in order."""
        ends = [*self._run_positions, len(self._marks)][1:]
        runs = zip(self._run_indexes, self._run_positions, ends, strict=True)
        for index, start, end in runs:
            for marked in _MARKED.finditer(self._marks, start, end):
                for bit, part in _NAMES.items():
                    if marked[0][0] & bit:
                        yield index + marked.start() - start, part

    def _position(self, index: int) -> int:
        """How many entries seen so far have a smaller index."""
        run = bisect_right(self._run_indexes, index) - 1
        if run < 0:
            return 0
        position = self._run_positions[run] + index - self._run_indexes[run]
        following = self._run_positions[run + 1 : run + 2] or [len(self._marks)]
        return min(position, following[0])
