"""Read a file of users: strictly, row by row, every bad row named by where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files.documents import read_document, read_lines
from understudy.flows.directory.files.encodings import text_of
from understudy.flows.directory.files.faults import BadRow
from understudy.flows.directory.files.layouts import OWN, Layout
from understudy.flows.directory.files.paths import Path, Source
from understudy.flows.directory.files.rows import from_cells, row_of
from understudy.flows.directory.files.tables import Numbered, read_table
from understudy.flows.directory.import_subjects import ImportRow, RowProblem

MOST_ROWS = 1_000_000
_MOST_NAMES = 1_000
_JSON = re.compile(r"\s*[\[{]")

Members = Mapping[str, object]
Extract = Callable[[Members], dict[str, object]]


class Kind(StrEnum):
    """How a file is written; `JSON` is a list, one within an object, or one object a line."""

    CSV = "csv"
    NDJSON = "ndjson"
    JSON = "json"


@dataclass
class SubjectFile:
    """The good rows and the problems of one file, in its order.

    ``columns`` are the columns, or the members of records, that there are; ``unread`` those that
    nothing was read from, and ``read`` from what each of ours was.
    """

    columns: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    rows: list[ImportRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def read_subjects(raw: bytes, kind: Kind | None = None, layout: Layout = OWN) -> SubjectFile:
    """Read a file of ``kind``, or of what it looks like.

    What has no column here says nothing; an empty cell or ``null`` takes away.

    :raises InvalidInput: nothing of it can be read, or it has more than `MOST_ROWS` rows.
    """
    text = text_of(raw)
    if kind is None:
        kind = Kind.JSON if _JSON.match(text) else Kind.CSV
    if kind is Kind.CSV:
        return _of_table(text, layout)
    if kind is Kind.JSON and _JSON.match(text) is None:
        raise InvalidInput("The file is not JSON: it begins with neither [ nor {.")
    records = read_lines(text) if kind is Kind.NDJSON else read_document(text, layout)
    return _of_records(records, layout)


def place(line: int, row: int | None) -> str:
    """Where a row stands, in words."""
    return f"line {line}" if row is None else f"row {row}, line {line}"


def _of_table(text: str, layout: Layout) -> SubjectFile:
    table = read_table(text, layout)
    keys = {name.casefold() for name in table.columns}
    there = {
        ours: source
        for ours, source in layout.sources.items()
        if any(path.text.casefold() in keys for path in source.paths)
    }
    for ours in sorted(layout.demanded - there.keys()):
        raise layout.missing(ours, table.columns)
    file = _collect(table.records, _from_table(there), layout)
    file.columns = table.columns
    file.unread = layout.unread([name for name in table.columns if name])
    file.read = {ours: str(source) for ours, source in there.items()}
    return file


def _from_table(sources: Mapping[str, Source]) -> Extract:
    plain = {
        ours: source.paths[0].text.casefold()
        for ours, source in sources.items()
        if len(source.paths) == 1
    }
    others = {ours: source for ours, source in sources.items() if ours not in plain}

    def extract(members: Members) -> dict[str, object]:
        def look(path: Path) -> object:
            return members.get(path.text.casefold(), ABSENT)

        # A row of a table without a header may end early.
        found = {ours: members[key] for ours, key in plain.items() if key in members}
        found |= {ours: source.find(look) for ours, source in others.items()}
        return from_cells({ours: cell for ours, cell in found.items() if cell is not ABSENT})

    return extract


def _of_records(records: Iterator[Numbered], layout: Layout) -> SubjectFile:
    names: dict[str, None] = {}
    found_once: set[str] = set()

    def extract(members: Members) -> dict[str, object]:
        for name in members:
            if name not in names and len(names) < _MOST_NAMES:
                names[name] = None
                slip = layout.slip(name, members)
                if slip is not None:
                    raise slip
        said = {ours: source.find(lambda p: p.look(members)) for ours, source in sources}
        found = {ours: value for ours, value in said.items() if value is not ABSENT}
        found_once.update(found)
        return found

    sources = list(layout.sources.items())
    file = _collect(records, extract, layout)
    for ours in sorted(layout.demanded - found_once):
        if names:
            raise layout.missing(ours, names)
    file.columns = tuple(names)
    file.unread = layout.unread(file.columns)
    file.read = {ours: str(layout.sources[ours]) for ours in sorted(found_once)}
    return file


def _collect(records: Iterator[Numbered], extract: Extract, layout: Layout) -> SubjectFile:
    file = SubjectFile()
    seen: dict[str, ImportRow] = {}
    for number, (line, row, members) in enumerate(records, start=1):
        if number > MOST_ROWS:
            raise InvalidInput(f"A file holds at most {MOST_ROWS:,} rows.")
        try:
            if isinstance(members, BadRow):
                raise members
            good = row_of(line, row, extract(members))
            first = seen.setdefault(good.facts.id, good)
            if first is not good:
                detail = f"This id stands on {place(first.line, first.row)} already."
                raise BadRow("id_repeated", detail, column="id")
            file.rows.append(good)
        except BadRow as bad:
            column = None if bad.column is None else str(layout.sources.get(bad.column, bad.column))
            file.problems.append(
                RowProblem(line=line, row=row, column=column, code=bad.problem, detail=bad.detail)
            )
    return file
