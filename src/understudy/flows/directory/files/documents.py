"""JSON: one object a line, a list of objects, or a list within the answer of somebody's API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files.faults import BadRow
from understudy.flows.directory.files.layouts import Layout
from understudy.flows.directory.files.tables import Numbered

_LISTS = frozenset({"users", "members", "resources", "results", "items", "data"})
_BLANK = re.compile(r"[ \t\r\n]*")
_PLAIN = json.JSONDecoder()


def read_lines(text: str) -> Iterator[Numbered]:
    """One object a line."""
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            members = _STRICT.decode(raw)
        except BadRow as bad:
            yield line, None, bad
            continue
        except (ValueError, RecursionError):
            yield line, None, BadRow("not_json", "This line is not a JSON object.")
            continue
        yield line, None, _object(members)


def read_document(text: str, layout: Layout) -> Iterator[Numbered]:
    """A list of objects, by itself or within an object; else one object a line.

    The elements are decoded one by one, so that no more than one of them is held as JSON.
    """
    document = _Document(text, layout)
    if text.startswith("[", document.place):
        return document.elements()
    within = not document.is_line() and document.has_list()
    return document.within() if within else read_lines(text)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadRow("member_repeated", "A member stands twice in this object.")
    return members


_STRICT = json.JSONDecoder(object_pairs_hook=_no_duplicates)


def _object(value: object) -> dict[str, object] | BadRow:
    if isinstance(value, dict):
        return value
    return BadRow("wrong_members", "A user is an object with members, and this is none.")


class _Lost(InvalidInput):  # not for callers
    """What follows is not JSON, so that nobody can say where it goes on."""


@dataclass
class _Document:
    """A walk through one document. ``place`` is where it stands, ``line`` counts with it."""

    text: str
    layout: Layout
    place: int = 0
    line: int = 1
    row: int = 0
    _counted: int = 0
    _around: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._blank()

    def elements(self) -> Iterator[Numbered]:
        """The list that begins here, which is all there is."""
        try:
            yield from self._list()
            if self.place < len(self.text):
                raise _Lost
        except _Lost:
            yield self._lost()

    def is_line(self) -> bool:
        """Whether the first line is a whole object, and others follow."""
        end = self.text.find("\n", self.place)
        if end < 0 or _BLANK.fullmatch(self.text, end) is not None:
            return False
        try:
            return isinstance(json.loads(self.text[self.place : end]), dict)
        except (ValueError, RecursionError):
            return False

    def has_list(self) -> bool:
        """Whether this is an object with a list of users in it."""
        walk = _Document(self.text, self.layout)
        try:
            return any(name is not None for name in walk._members())
        except _Lost:
            return False

    def within(self) -> Iterator[Numbered]:
        """The lists of the object that begins here, and whether they are all there is."""
        try:
            for name in self._members():
                if name is not None:
                    yield from self._list()
            if self.place < len(self.text):
                raise _Lost
        except _Lost:
            yield self._lost()
            return
        if self._incomplete():
            detail = f"There are more users than the {self.row:,} in this file."
            yield self._line(), None, BadRow("file_incomplete", detail)

    def _members(self) -> Iterator[str | None]:
        """The name of each list of users, which then has to be read; None for other members."""
        self._take("{")
        while not self._taken("}"):
            name = self._value()
            self._take(":")
            if not isinstance(name, str):
                raise _Lost
            if name.casefold() in _LISTS and self.text.startswith("[", self.place):
                yield name
            else:
                self._around[name] = self._value()
                yield None
            if not self._taken(","):
                self._take("}")
                return

    def _list(self) -> Iterator[Numbered]:
        self._take("[")
        if self._taken("]"):
            return
        while True:
            self.row += 1
            line = self._line()
            yield line, self.row, self._element()
            if not self._taken(","):
                self._take("]")
                return

    def _element(self) -> dict[str, object] | BadRow:
        begin = self.place
        try:
            return _object(self._value(_STRICT))
        except BadRow as bad:
            self.place = begin
            self._value()
            return bad

    def _value(self, decoder: json.JSONDecoder = _PLAIN) -> object:
        try:
            value, self.place = decoder.raw_decode(self.text, self.place)
        except (BadRow, _Lost):
            raise
        except (ValueError, RecursionError) as error:
            raise _Lost from error
        self._blank()
        return value

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.place)
        self.place = found.end() if found else self.place

    def _taken(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.place):
            return False
        self.place += 1
        self._blank()
        return True

    def _take(self, sign: str) -> None:
        if not self._taken(sign):
            raise _Lost

    def _line(self) -> int:
        self.line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place
        return self.line

    def _lost(self) -> Numbered:
        detail = "This is not JSON, or the file ends too early. Nothing after it was read."
        return self._line(), None, BadRow("not_json", detail)

    def _incomplete(self) -> bool:
        total = self.layout.total.look(self._around) if self.layout.total else ABSENT
        if isinstance(total, int) and total > self.row:
            return True
        return any(path.look(self._around) not in (ABSENT, None, "") for path in self.layout.more)
