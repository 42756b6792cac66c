"""The whole log, or what a filter shows of it, as a stream of bytes for people and verifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from understudy.audit.entries.log import EntryRow
from understudy.audit.exports.cef import cef_line
from understudy.audit.exports.csv_export import csv_lines
from understudy.audit.exports.ecs import ecs_event
from understudy.audit.exports.facts import Facts, Source
from understudy.audit.exports.json_line import entry_line, json_line
from understudy.audit.exports.ndjson import ExportFilter, export_lines
from understudy.audit.exports.ocsf import ocsf_event
from understudy.core.ports import Entry, EntryFilter
from understudy.core.times import to_ms
from understudy.storage.log.log_proofs import SignedHead
from understudy.storage.log.pages import LogPages


class ExportKind(StrEnum):
    """NDJSON proves itself offline. CSV is for spreadsheets, OCSF, ECS and CEF are for those who
    watch over security; they prove nothing.
    """

    NDJSON = "ndjson"
    CSV = "csv"
    OCSF = "ocsf"
    ECS = "ecs"
    CEF = "cef"


class LineKind(StrEnum):
    """How one entry is one line by itself; in NDJSON as it is, without what proves it."""

    NDJSON = "ndjson"
    OCSF = "ocsf"
    ECS = "ecs"
    CEF = "cef"


def line_of(entry: Entry, kind: LineKind, source: Source) -> bytes:
    """The line of one entry, with its end; erased or not, each entry has one.

    :raises AuditError: for an entry that could never have been appended.
    """
    match kind:
        case LineKind.NDJSON:
            return entry_line(entry)
        case LineKind.OCSF:
            return json_line(ocsf_event(Facts.of(entry), source))
        case LineKind.ECS:
            return json_line(ecs_event(Facts.of(entry), source))
        case LineKind.CEF:
            return cef_line(Facts.of(entry), source)


def export_log(
    pages: LogPages, head: SignedHead, kind: ExportKind, where: EntryFilter
) -> Iterator[bytes]:
    """The lines of an export up to ``head``, oldest entry first, in constant memory.

    :raises AuditError: when an entry is damaged.
    :raises ErasedMeanwhile: when something was erased while an export that proves itself was read.
    """
    if kind is ExportKind.CSV:
        shown = (row for row in pages.rows() if matches(where, row))
        yield from (line.encode() for line in csv_lines(shown))
        return
    asked = asked_for(where)
    yield from export_lines(
        pages.provable_rows(),
        checkpoint=head.note,
        verifier=head.verifier,
        origin=head.checkpoint.origin,
        only=ExportFilter(asked=asked, matches=lambda row: matches(where, row)) if asked else None,
    )


def asked_for(where: EntryFilter) -> Mapping[str, str]:
    """What a filter asks for, as the header of an export tells it."""
    given = {
        "application_id": where.application_id,
        "types": " ".join(sorted(where.types)) or None,
        "actor_ref": where.actor_ref,
        "subject_ref": where.subject_ref,
        "organization_ref": where.organization_ref,
        "grant_id": where.grant_id,
        "session_id": where.session_id,
        "outcome": where.outcome,
        "since": _text(where.since),
        "until": _text(where.until),
    }
    return {name: value for name, value in given.items() if value is not None}


def matches(where: EntryFilter, row: EntryRow) -> bool:
    """Whether a stored entry is one of those asked for."""
    wanted = (
        (where.application_id, row.application_id),
        (where.subject_ref, row.subject_ref),
        (where.organization_ref, row.organization_ref),
        (where.grant_id, row.grant_id),
        (where.session_id, row.session_id),
        (where.outcome, row.outcome),
    )
    if any(value is not None and value != found for value, found in wanted):
        return False
    if where.actor_ref is not None and where.actor_ref not in _actors(row):
        return False
    if where.types and row.type not in where.types:
        return False
    if where.since is not None and row.time_ms < to_ms(where.since):
        return False
    return where.until is None or row.time_ms < to_ms(where.until)


def _actors(row: EntryRow) -> tuple[str | None, ...]:
    # A node of release 0.1 erases without the doer's column.
    return (row.actor_ref,) if row.core_json is None else (row.actor_ref, row.doer_ref)


def _text(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
