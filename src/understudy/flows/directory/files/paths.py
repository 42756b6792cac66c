"""Where in somebody else's record a fact stands: ``emails[primary].value | userName``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT

_MOST = 500
_STEP = re.compile(r"([^.\[\]]+)|\[([^\[\]]+)\]")
_SHAPE = re.compile(r"(?:[^.\[\]]+|\[[^\[\]]+\])(?:\.[^.\[\]]+|\[[^\[\]]+\])*")

Members = Mapping[str, object]


@dataclass(frozen=True)
class Path:
    """A column of a table, or a way into a record: ``a.b``, ``a[0]``, ``a[*].b``.

    ``a[flag]`` is the first in a list whose ``flag`` is true, ``a[b=c]`` the first whose ``b`` is
    ``c``, and ``a[b=@d]`` the first whose ``b`` is what stands under ``d`` of the record.
    """

    text: str

    @cached_property
    def _steps(self) -> tuple[tuple[str, str], ...]:
        if _SHAPE.fullmatch(self.text) is None:
            return ()
        return tuple(match.groups("") for match in _STEP.finditer(self.text))  # type: ignore[misc]

    def look(self, members: Members) -> object:
        """What stands there, or `ABSENT`. A member of exactly this name comes first."""
        if self.text in members:
            return members[self.text]
        if len(self._steps) < 2:  # noqa: PLR2004  # a name alone, which is not there
            return ABSENT
        found: list[object] = [members]
        every = False
        for name, choice in self._steps:
            if choice == "*":
                lists = [one for one in found if isinstance(one, list)]
                every = every or bool(lists)
                found = [one for listed in lists for one in listed]
            else:
                found = [value for one in found for value in _step(one, name, choice, members)]
        if every:
            return found
        return found[0] if found else ABSENT


@dataclass(frozen=True)
class Source:
    """The first of several ways that leads to something; each is one path or several, joined."""

    ways: tuple[tuple[Path, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Source:
        """Read ``first + last | nickname``; the blanks around ``+`` and ``|`` tell them from names.

        :raises InvalidInput: empty, or too long.
        """
        ways = [way.split(" + ") for way in text.split(" | ")]
        paths = tuple(tuple(Path(part.strip()) for part in way) for way in ways)
        if len(text) > _MOST or not all(path.text for way in paths for path in way):
            raise InvalidInput(f"This names no column: {text[:_MOST]}", facts={"field": "map"})
        return cls(paths)

    def __str__(self) -> str:
        return " | ".join(" + ".join(path.text for path in way) for way in self.ways)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(path for way in self.ways for path in way)

    def find(self, look: Callable[[Path], object]) -> object:
        """What the first way finds that is not empty; what is there if all of it is empty."""
        said: object = ABSENT
        for way in self.ways:
            value = _joined([look(path) for path in way])
            if value is ABSENT:
                continue
            if value not in (None, "", []):
                return value
            said = value
        return said


def _step(one: object, name: str, choice: str, members: Members) -> list[object]:
    if name:
        return [one[name]] if isinstance(one, dict) and name in one else []
    if not isinstance(one, list):
        return []
    if choice.isdecimal():
        return one[int(choice) : int(choice) + 1] if len(choice) < 10 else []  # noqa: PLR2004
    key, equals, wanted = choice.partition("=")
    target: object = members.get(wanted[1:]) if wanted.startswith("@") else wanted
    target = target if equals else True
    fits = (each for each in one if isinstance(each, dict) and each.get(key) == target)
    return [each for each in [next(fits, None)] if each is not None]


def _joined(found: list[object]) -> object:
    if len(found) == 1:
        return found[0]
    there = [value for value in found if value is not ABSENT]
    if not there:
        return ABSENT
    odd = [value for value in there if value is not None and not isinstance(value, str)]
    return odd[0] if odd else " ".join(text for text in (_text(value) for value in there) if text)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
