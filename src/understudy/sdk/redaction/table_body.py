"""A table in text without the columns that are hidden, row by row."""

from __future__ import annotations

import re

from understudy.core.redaction.masks import text_for
from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_walk import looked_into, may_be_json
from understudy.sdk.redaction.line_body import MOST_HELD
from understudy.sdk.redaction.unreadable import Unreadable

_DELIMITERS = (",", ";", "\t", "|")
_MARK = re.compile(rb'"|\r\n|\n|\r')
_FRONTS = b"\xef\xbb\xbf "
_FRONT = "\ufeff"
_SAID = re.compile("\ufeff?sep=(.)\r?\n?\\Z")


class TableBody:
    """CSV (RFC 4180) in UTF-8. What parts its cells is what does so in the row that names them,
    which is the first of more cells than one.
    """

    is_whole = False

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        self._held = b""
        self._columns: dict[int, Deed] = {}
        self._cell: re.Pattern[str] | None = None
        self._said = ""
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
        if self._cell is None and (said := _SAID.match(row)) is not None:
            self._said = said.group(1)
            return row
        pattern = self._cell or _cells(self._said or _delimiter(row))
        cells = list(pattern.finditer(row))
        if self._cell is None:
            named = {number: self._named(cell) for number, cell in enumerate(cells)}
            found = {number: deed for number, deed in named.items() if deed is not None}
            if sum(bool(cell.group("cell").strip()) for cell in cells) > 1:
                self._cell = pattern
            if self._cell is not None or found:
                self._columns = found
                return row
        return "".join(self._shown(number, cell) for number, cell in enumerate(cells))

    def _named(self, cell: re.Match[str]) -> Deed | None:
        name = cell.group("cell").strip(_FRONT).strip()
        quoted = re.match(r'"((?:[^"]|"")*)"', name)
        return self._rulings.fields.deed(name if quoted is None else quoted.group(1))

    def _shown(self, number: int, cell: re.Match[str]) -> str:
        text = cell.group("cell")
        if number in self._columns and text not in ("", '""'):
            return text_for(self._columns[number]) + cell.group("end")
        if text[:1] == '"' == text[-1:] and may_be_json(text[1:]):
            plain = text[1:-1].replace('""', '"')
            shown = looked_into(plain, self._rulings)
            return (text if shown == plain else _quoted(shown)) + cell.group("end")
        return self._rulings.hidden(text) + cell.group("end")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _cells(delimiter: str) -> re.Pattern[str]:
    by = re.escape(delimiter)
    quoted = rf'[ ]*"(?:[^"]|"")*+"[^{by}\r\n]*+'
    return re.compile(rf"(?P<cell>{quoted}|[^{by}\r\n]*+)(?P<end>{by}|\r?\n|\r|\Z)")


def _delimiter(row: str) -> str:
    """What parts the cells of ``row``: what is in it most often, outside of quotes."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", row)
    return max(_DELIMITERS, key=bare.count)


def _row_end(held: bytes, start: int, *, more: bool) -> int:
    """Behind the row that begins at ``start``; ``start`` where it has not ended."""
    place, quoted = start, False
    for match in _MARK.finditer(held, start):
        mark = match.group()
        place = match.start()
        if mark == b'"':
            # Within a cell that does not begin with one, a quote is a letter.
            before = held[start:place].strip(_FRONTS)[-1:]
            begins = quoted or not before or before in b",;\t|"
            quoted = not quoted if begins else quoted
        elif not quoted and not (mark == b"\r" and match.end() == len(held) and more):
            return match.end()
    return start if more else len(held)
