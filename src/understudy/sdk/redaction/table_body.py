"""A table in text without the columns that are hidden, row by row."""

from __future__ import annotations

import re

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.line_body import MOST_HELD
from understudy.sdk.redaction.unreadable import Unreadable

_CELL = re.compile(r'(?P<cell>"(?:[^"]|"")*+"|[^,;\t\r\n]*+)(?P<end>[,;\t]|\r?\n|\r|\Z)')
_FRONT = "\ufeff"


class TableBody:
    """CSV (RFC 4180) in UTF-8, with commas, semicolons or tabs; its first row names the columns."""

    is_whole = False

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        self._held = b""
        self._columns: dict[int, Deed] | None = None
        self.has_hidden = False

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: a row is too long, or it is not UTF-8.
        """
        held = self._held + body
        shown: list[str] = []
        reached = 0
        while (end := _row_end(held, reached, more=more)) > reached:
            shown.append(self._hidden(held[reached:end]))
            reached = end
        self._held = held[reached:]
        if len(self._held) > MOST_HELD:
            raise Unreadable("a row that does not end")
        passed = "".join(shown).encode()
        self.has_hidden = self.has_hidden or passed != held[:reached]
        return passed

    def _hidden(self, raw: bytes) -> str:
        try:
            row = raw.decode()
        except UnicodeDecodeError:
            raise Unreadable("not UTF-8") from None
        if self._columns is None:
            self._columns = self._named(row)
            return row
        cells = enumerate(_CELL.finditer(row))
        return "".join(self._cell(number, cell) for number, cell in cells)

    def _named(self, row: str) -> dict[int, Deed]:
        names = (cell.group("cell").strip(_FRONT).strip('"') for cell in _CELL.finditer(row))
        deeds = ((number, self._rulings.fields.deed(name)) for number, name in enumerate(names))
        return {number: deed for number, deed in deeds if deed is not None}

    def _cell(self, number: int, cell: re.Match[str]) -> str:
        text, columns = cell.group("cell"), self._columns or {}
        if number in columns and text not in ("", '""'):
            return text_for(columns[number]) + cell.group("end")
        return self._rulings.hidden(text) + cell.group("end")


def _row_end(held: bytes, start: int, *, more: bool) -> int:
    """Behind the row that begins at ``start``; ``start`` where it has not ended."""
    place = start
    while (end := held.find(b"\n", place)) >= 0:
        # Within quotes a line is no row.
        if held.count(b'"', start, end) % 2 == 0:
            return end + 1
        place = end + 1
    return start if more else len(held)
