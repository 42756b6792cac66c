"""The log as CSV (RFC 4180), for people and spreadsheets; it proves nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from understudy.audit.entries.leaf import Json, canonical_json, parse_payload
from understudy.audit.entries.log import EntryRow

COLUMNS = (
    "index",
    "time",
    "type",
    "application_id",
    "actor_kind",
    "actor_ref",
    "actor_id",
    "actor_email",
    "actor_name",
    "doer_kind",
    "doer_ref",
    "doer_id",
    "doer_email",
    "doer_name",
    "subject_ref",
    "subject_id",
    "subject_email",
    "subject_name",
    "organization_ref",
    "organization_id",
    "organization_email",
    "organization_name",
    "grant_id",
    "session_id",
    "outcome",
    "rule",
    "reason",
    "ticket",
    "address",
    "user_agent",
    "action_id",
    "method",
    "route",
    "path",
    "status",
    "duration_ms",
    "details",
    "erased",
    "actor_taken_over",
    "doer_taken_over",
)
"""One cell for each fact; ``erased`` names the halves that are gone. New ones come last."""

BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a file without it for one in the code page of its machine, and garbles names.

It stands alone before the header: a line ``sep=,`` would have Excel ignore it.
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What spreadsheets take for the start of a formula, full-width forms included.
_FORMULA_STARTS = (*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL_BREAKERS = ("\t", "\r", "\n")


def csv_lines(rows: Iterable[EntryRow]) -> Iterator[str]:
    """The header and one line for each entry, each with its line ending; a mark comes first.

    :raises AuditError: when a payload is not the JSON object that was appended.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    for cells in _table(rows):
        writer.writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def safe_cell(value: Json) -> str:
    """The value as text that no spreadsheet runs as a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical_json(value).decode()
    if text.startswith(_CELL_BREAKERS) or text.lstrip().startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def _table(rows: Iterable[EntryRow]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    for row in rows:
        facts = _facts(row)
        yield [safe_cell(facts.get(column)) for column in COLUMNS]


def _facts(row: EntryRow) -> Mapping[str, Json]:
    halves = {"core": row.core_json, "personal": row.personal_json}
    facts: dict[str, Json] = {}
    for payload in halves.values():
        if payload is not None:
            facts |= parse_payload(payload)
    at = _EPOCH + timedelta(milliseconds=row.time_ms)
    return facts | {
        "index": row.index,
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "type": row.type,
        "erased": " ".join(name for name, payload in halves.items() if payload is None),
    }
