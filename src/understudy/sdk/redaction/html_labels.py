"""Values of a page that a label beside them names: lists of terms, and tables."""

from __future__ import annotations

from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.html_tags import Tag

_LABELS = ("th", "dt")
_CELLS = ("td", "dd")
_ENDING = ("td", "th", "dd", "dt", "li", "p", "option")


class Labels:
    """Follows the tags of one page. ``deed_of(text)`` is what becomes of the next text."""

    __slots__ = (
        "_around",
        "_cell",
        "_column",
        "_columns",
        "_depth",
        "_element",
        "_region",
        "_row",
        "_rulings",
    )

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        self._element = ""
        # The element that is hidden whole, and how many of its name are open in it.
        self._region: tuple[str, Deed] | None = None
        self._depth = 0
        # What becomes of the row by its label, of each column, and of the cell that is open.
        self._row: Deed | None = None
        self._columns: dict[int, Deed] = {}
        self._column = -1
        self._cell: Deed | None = None
        # The same of the tables around this one.
        self._around: list[tuple[Deed | None, dict[int, Deed], int, Deed | None]] = []

    @property
    def region(self) -> Deed | None:
        """What becomes of all that stands here."""
        return self._region[1] if self._region is not None else self._cell

    @property
    def are_idle(self) -> bool:
        """Whether no text says or hides anything by where it stands, nor any tag but a table's."""
        if self._region is not None or self._cell is not None or self._element in _LABELS:
            return False
        return self._element != "td" or self._column != 0

    def opened(self, tag: Tag) -> None:
        """A tag begins."""
        name = tag.name
        self._enter(tag)
        if name == "table":
            self._around.append((self._row, self._columns, self._column, self._cell))
            self._row, self._columns, self._column, self._cell = None, {}, -1, None
        elif name == "tr":
            self._column, self._row = -1, None
        elif name in _LABELS:
            self._column += _span(tag)
            self._row = self._cell = None
            # The label of a row is one of a column's values as well.
            if tag.value("scope") == "row":
                self._cell = self._columns.get(self._column)
            self._element = name
        elif name in _CELLS:
            self._column += _span(tag)
            self._element = name
            column = self._columns.get(self._column) if name == "td" else None
            self._cell = self._row or column

    def closed(self, tag: str) -> None:
        """A tag ends."""
        name = tag.strip("</ >").lower()
        if self._region is not None and self._region[0] == name:
            self._depth -= 1
            if self._depth == 0:
                self._region = None
        if name in (*_LABELS, *_CELLS):
            self._element = ""
            self._cell = None
        elif name == "table" and self._around:
            self._row, self._columns, self._column, self._cell = self._around.pop()

    def deed_of(self, text: str) -> Deed | None:
        """What becomes of ``text``; a label's own text says what becomes of what follows."""
        if not text.strip():
            return None
        if self._element in _LABELS:
            self._note(text)
            return self._cell
        found = self.region
        if found is None and self._element == "td" and self._column == 0:
            # A table of two columns often has its labels in the first of them.
            self._row = self._rulings.fields.deed(_label(text))
        return found

    def _enter(self, tag: Tag) -> None:
        name = tag.name
        if self._region is not None and self._region[0] == name:
            # Where its end is left out, the next one of its kind ends it.
            if name in _ENDING:
                self._region = None
            else:
                self._depth += 1
        if self._region is None and tag.deed is not None and not tag.is_void:
            self._region, self._depth = (name, tag.deed), 1

    def _note(self, text: str) -> None:
        deed = self._rulings.fields.deed(_label(text))
        if deed is None:
            return
        self._row = deed
        if self._element == "th":
            self._columns[self._column] = deed


def _label(text: str) -> str:
    return text.strip().rstrip(":*").strip()


def _span(tag: Tag) -> int:
    """How many columns a cell takes."""
    if "colspan" not in tag.text.lower():
        return 1
    said = tag.value("colspan") or "1"
    return int(said) if said.isdecimal() and int(said[:4]) > 0 else 1
