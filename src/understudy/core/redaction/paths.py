"""Values by where they stand: ``customer.addresses.*.street``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from understudy.core.redaction.names import normalised
from understudy.core.redaction.rules import Deed

ONE = "*"
ANY = "**"
States = frozenset[tuple[int, int]]
"""How far into which path one has come."""
_REMEMBERED = 4096


class Paths:
    """All paths at once, followed name by name; a place in a list is a name as well.

    ``step(states, name)`` gives the states one further down, ``deed(states)`` what they call for.
    """

    __slots__ = ("_paths", "start", "step")

    def __init__(self, paths: Iterable[tuple[str, Deed]]) -> None:
        self._paths = [
            (tuple(part if part in (ONE, ANY) else normalised(part) for part in path.split(".")), d)
            for path, d in paths
        ]
        self.start = self._closed((number, 0) for number in range(len(self._paths)))
        self.step = lru_cache(maxsize=_REMEMBERED)(self._step)

    def __bool__(self) -> bool:
        return bool(self._paths)

    @property
    def lead_to_names(self) -> bool:
        """Whether each ends with the name of a member, and none knows places in a list apart."""
        return all(
            parts[-1] not in (ONE, ANY) and not any(map(str.isdecimal, parts))
            for parts, _ in self._paths
        )

    def deed(self, states: States) -> Deed | None:
        """What becomes of a value at ``states``; the first path decides."""
        ends = [number for number, place in states if place == len(self._paths[number][0])]
        return self._paths[min(ends)][1] if ends else None

    def last_names(self) -> Iterable[tuple[str, Deed]]:
        """The last name of each path, where it is one."""
        return ((parts[-1], deed) for parts, deed in self._paths if parts[-1] not in (ONE, ANY))

    def _step(self, states: States, name: str) -> States:
        plain = normalised(name)
        moved: set[tuple[int, int]] = set()
        for number, place in states:
            parts = self._paths[number][0]
            if place < len(parts):
                part = parts[place]
                if part == ANY:
                    moved.add((number, place))
                elif part in (ONE, plain):
                    moved.add((number, place + 1))
        return self._closed(moved)

    def _closed(self, states: Iterable[tuple[int, int]]) -> States:
        """``states`` with those that one is in as well, since ``**`` may stand for nothing."""
        closed: set[tuple[int, int]] = set()
        for number, place in states:
            parts, reached = self._paths[number][0], place
            while reached < len(parts) and parts[reached] == ANY:
                closed.add((number, reached))
                reached += 1
            closed.add((number, reached))
        return frozenset(closed)
