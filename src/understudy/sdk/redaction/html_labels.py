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

    def opened(self, tag: Tag) -> None:
        """A tag begins."""
        name = tag.name
        self._enter(tag)
        if name == "table":
            self._columns = {}
        elif name == "tr":
            self._column, self._row = -1, None
        elif name in _LABELS:
            self._column += 1
            self._row = self._cell = None
            self._element = name
        elif name in _CELLS:
            self._column += 1
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

    def deed_of(self, text: str) -> Deed | None:
        """What becomes of ``text``; a label's own text says what becomes of what follows."""
        if not text.strip():
            return None
        if self._element in _LABELS:
            self._note(text)
            return None
        return self._region[1] if self._region is not None else self._cell

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
        deed = self._rulings.fields.deed(text.strip().rstrip(":*").strip())
        if deed is None:
            return
        self._row = deed
        if self._element == "th":
            self._columns[self._column] = deed
