"""Values of a page that a label beside them names: lists of terms, and tables."""

from __future__ import annotations

from understudy.core.redaction.rules import Deed
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.html_tags import Tag

_LABELS = ("th", "dt")
_CELLS = ("th", "td")
_LISTED = ("dt", "dd")
_ENDING = ("td", "th", "dd", "dt", "li", "p", "option")


class _Block:
    """A table or a list of terms, or what stands in none: where in it the page is by now.

    ``element`` is the label or value that is open. ``row``, ``columns`` and ``cell`` are what
    becomes of the row by its label, of each column, and of that value; ``around`` of all of it,
    since it stands in a value of another.
    """

    __slots__ = ("around", "cell", "column", "columns", "element", "kind", "row")

    def __init__(self, kind: str, around: Deed | None) -> None:
        self.kind = kind
        self.around = around
        self.element = ""
        self.row: Deed | None = None
        self.columns: dict[int, Deed] = {}
        self.column = -1
        self.cell: Deed | None = None


class Labels:
    """Follows the tags of one page. ``deed_of(text)`` is what becomes of the next text."""

    __slots__ = ("_blocks", "_depth", "_region", "_rulings")

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings
        # The element that is hidden whole, and how many of its name are open in it.
        self._region: tuple[str, Deed] | None = None
        self._depth = 0
        self._blocks = [_Block("", None)]

    @property
    def region(self) -> Deed | None:
        """What becomes of all that stands here."""
        if self._region is not None:
            return self._region[1]
        block = self._blocks[-1]
        return block.cell or block.around

    @property
    def are_idle(self) -> bool:
        """Whether a text in which nothing stands out says and hides nothing where it stands."""
        if self.region is not None:
            return False
        block = self._blocks[-1]
        # In the first column it says that it is no label.
        return block.element != "td" or block.column != 0

    def opened(self, tag: Tag) -> None:
        """A tag begins."""
        name = tag.name
        self._enter(tag)
        if name in ("table", "dl"):
            block = self._blocks[-1]
            self._blocks.append(_Block(name, block.cell or block.around))
        elif name == "tr":
            table = self._table()
            table.column, table.row = -1, None
        elif name in _CELLS:
            self._begin_cell(self._table(), tag)
        elif name in _LISTED:
            block = self._blocks[-1]
            if name == "dt":
                block.row = None
            block.element, block.cell = name, block.row

    def closed(self, tag: str) -> None:
        """A tag ends."""
        name = tag.strip("</ >").lower()
        if self._region is not None and self._region[0] == name:
            self._depth -= 1
            if self._depth == 0:
                self._region = None
        if name in (*_CELLS, *_LISTED):
            block = self._table() if name in _CELLS else self._blocks[-1]
            block.element, block.cell = "", None
        elif name == "table" and any(block.kind == name for block in self._blocks):
            self._table()
            self._blocks.pop()
        elif name == "dl" and self._blocks[-1].kind == name:
            self._blocks.pop()

    def deed_of(self, text: str) -> Deed | None:
        """What becomes of ``text``; a label's own text says what becomes of what follows."""
        if not text.strip():
            return None
        block, found = self._blocks[-1], self.region
        if block.element in _LABELS:
            self._note(block, text)
        elif found is None and block.element == "td" and block.column == 0:
            # A table of two columns often has its labels in the first of them.
            block.row = self._rulings.fields.deed(_label(text))
        return found

    def _table(self) -> _Block:
        """The table that is open; lists in it whose end is left out end with its cells."""
        if any(block.kind == "table" for block in self._blocks):
            while self._blocks[-1].kind != "table":
                self._blocks.pop()
        return self._blocks[-1]

    def _begin_cell(self, table: _Block, tag: Tag) -> None:
        table.column += _span(tag)
        table.element = tag.name
        column = table.columns.get(table.column)
        if tag.name == "td":
            table.cell = table.row or column
        else:
            table.row = None
            # The label of a row is one of a column's values as well.
            table.cell = column if tag.value("scope") == "row" else None

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

    def _note(self, block: _Block, text: str) -> None:
        deed = self._rulings.fields.deed(_label(text))
        if deed is None:
            return
        block.row = deed
        if block.element == "th":
            block.columns[block.column] = deed


def _label(text: str) -> str:
    return text.strip().rstrip(":*").strip()


def _span(tag: Tag) -> int:
    """How many columns a cell takes."""
    if "colspan" not in tag.text.lower():
        return 1
    said = tag.value("colspan") or "1"
    return int(said) if said.isdecimal() and int(said[:4]) > 0 else 1
