"""CSV as spreadsheets write it: commas, semicolons or tabs, a ``sep=`` line, blank rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from understudy.errors import InvalidInput
from understudy.flows.directory.files.faults import BadRow, NotMapped
from understudy.flows.directory.files.layouts import COLUMNS, Layout

Numbered = tuple[int, int | None, Mapping[str, object] | BadRow]
"""The line, the row where lines do not tell rows apart, and the record that stands there."""

_SEPARATOR = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_SEPARATORS = ",;\t|"


@dataclass(frozen=True, kw_only=True)
class Table:
    """The columns of a table, each a key of its records, and the records."""

    columns: tuple[str, ...]
    records: Iterator[Numbered]


def read_table(text: str, layout: Layout) -> Table:
    """Read a table with a header, or of the cells that ``layout`` names.

    :raises InvalidInput: no header, or one that cannot be used.
    """
    skipped = 0
    told = _SEPARATOR.match(text)
    if told is not None:
        text, skipped = text[told.end() :], 1
    separator = told[1] if told is not None else _likely(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    first = _first(reader, layout)
    header = _header(first, layout)
    width = None if header is None else len(header)
    columns = header if header is not None else [*layout.cells]
    keys = [name.strip().casefold() for name in columns]
    begin = [] if header is not None else [first]
    rows = _rows(reader, begin, skipped)
    records = (_record(line, cells, keys, width) for line, cells in rows)
    return Table(columns=tuple(columns), records=(one for one in records if one is not None))


def _likely(text: str) -> str:
    line = re.sub(r'"[^"]*"', "", text[:100_000].partition("\n")[0])
    return max(_SEPARATORS, key=line.count)


def _first(reader: Iterator[list[str]], layout: Layout) -> list[str]:
    try:
        return next(reader)
    except (StopIteration, csv.Error) as error:
        raise InvalidInput(_wanted(layout)) from error


def _header(first: list[str], layout: Layout) -> list[str] | None:
    """The names in the first row; None if it is a user already, in a table without a header."""
    names = [name.strip() for name in first]
    folded = [name.casefold() for name in names]
    if layout.cells and not {name.casefold() for name in layout.cells} & set(folded):
        return None
    heads = [path.text.casefold() for path in layout.sources["id"].paths]
    read = {path.text.casefold() for source in layout.sources.values() for path in source.paths}
    twice = [name for name in set(folded) & read if folded.count(name) > 1]
    if twice or not set(heads) & set(folded):
        raise NotMapped(_wanted(layout), filter(None, names))
    for name in folded:
        slip = layout.slip(name, folded)
        if slip is not None:
            raise slip
    return names


def _wanted(layout: Layout) -> str:
    if layout.own:
        names = f"with id among them: {','.join(COLUMNS)}"
    else:
        names = "and among them " + " or ".join(path.text for path in layout.sources["id"].paths)
    return f"The header must name each column once, {names}"


def _rows(
    reader: Iterator[list[str]], begin: Sequence[list[str]], skipped: int
) -> Iterator[tuple[int, list[str] | BadRow]]:
    for cells in begin:
        yield skipped + 1, cells
    line = 1
    while True:
        line = getattr(reader, "line_num", line) + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lost = "expected after" not in str(error)
            rest = " Nothing after it was read." if lost else ""
            yield (
                line + skipped,
                BadRow("not_csv", f"This line is not valid CSV: {error}.{rest}"),
            )
            if lost:  # within a quoted cell: what follows may only look like rows
                return
            continue
        yield line + skipped, cells


def _record(
    line: int, cells: list[str] | BadRow, keys: list[str], width: int | None
) -> Numbered | None:
    if isinstance(cells, BadRow):
        return line, None, cells
    if not any(cells) or not any(cell.strip() for cell in cells):
        return None  # a blank row, of which spreadsheets write many
    if width is not None and len(cells) != width:
        detail = f"There are {len(cells)} cells under a header of {width}."
        return line, None, BadRow("wrong_cell_count", detail)
    return line, None, dict(zip(keys, cells, strict=False))
