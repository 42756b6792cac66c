"""Reading the audit log: entries, receipts, exports."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import UNSET
from starlette.responses import Response, StreamingResponse

from understudy.audit.tlog.checkpoint import unverified_checkpoint
from understudy.core.notices.events import Event, EventType
from understudy.core.people.permissions import Permission
from understudy.core.ports import Entry, EntryFilter, Reader
from understudy.errors import InvalidInput, NotFound
from understudy.http.absent import given
from understudy.http.access import operator, operator_or_application
from understudy.http.bounds import optional_application, require_own
from understudy.http.call import Call
from understudy.http.cursor import cut, from_cursor
from understudy.http.endpoint import API, JSON, Answered, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.storage.log.exports import ExportKind, asked_for
from understudy.wires.native.entries import entry_answer
from understudy.wires.native.people import find_people
from understudy.wires.native.schemas.audit import EntryAnswer, LogAnswer, ReceiptAnswer
from understudy.wires.native.schemas.queries import EntriesQuery, EntryConditions, ExportQuery

_TAG = "audit"
_READ = operator_or_application(Permission.AUDIT_READ)
_INDEX = re.compile(r"0|[1-9][0-9]{0,14}")
_CHUNK_BYTES = 64 * 1024
_EXPORT_TYPES = {
    ExportKind.NDJSON: "application/x-ndjson",
    ExportKind.CSV: "text/csv",
    ExportKind.OCSF: "application/x-ndjson",
    ExportKind.ECS: "application/x-ndjson",
    ExportKind.CEF: "text/plain",
}
_EXPORT_SUFFIXES = {ExportKind.OCSF: "ocsf.ndjson", ExportKind.ECS: "ecs.ndjson"}
_ONE = f"{API}/audit/entries/{{index}}"


async def list_entries(call: Call[None, EntriesQuery]) -> Listed[EntryAnswer]:
    """Entries, newest first."""
    query = call.query
    before = None if query.cursor is UNSET else _before(query.cursor)

    def look_up(reader: Reader) -> Listed[EntryAnswer]:
        where = entry_filter(call, query, reader)
        if where is None:
            return Listed(items=[], next_cursor=None)
        rows = reader.entries.search(where, before=before, limit=query.limit + 1)
        shown, cursor = cut(rows, query.limit, lambda entry: (str(entry.index),))
        return Listed(items=[entry_answer(entry) for entry in shown], next_cursor=cursor)

    return await call.read_long(look_up)


async def get_entry(call: Call[None, NoQuery]) -> EntryAnswer:
    """One entry.

    :raises NotFound: no such entry, or not the caller's to see.
    """
    return entry_answer(await _entry(call))


async def get_receipt(call: Call[None, NoQuery]) -> ReceiptAnswer | Response:
    """The proof of one entry, as JSON or as the file that verifiers take."""
    entry = await _entry(call)
    engine = call.node.engine

    def prove() -> tuple[bytes, list[str]]:
        receipt = engine.receipt(entry.index)
        return receipt.to_bytes(), [verifier.to_text() for verifier in engine.verifiers()]

    receipt, verifiers = await asyncio.to_thread(prove)
    if _wants_text(call.headers.get("accept", "")):
        name = f"entry-{entry.index}.tlog-proof"
        return Response(
            receipt,
            media_type="text/plain",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )
    return ReceiptAnswer(
        index=entry.index,
        leaf=entry.leaf.decode(),
        receipt=receipt.decode(),
        verifier_keys=verifiers,
    )


async def get_log(call: Call[None, NoQuery]) -> LogAnswer:
    """What the log publishes about itself."""
    engine = call.node.engine

    def look() -> LogAnswer:
        checkpoint = engine.checkpoint()
        return LogAnswer(
            origin=engine.origin,
            verifier_keys=[verifier.to_text() for verifier in engine.verifiers()],
            checkpoint=checkpoint.decode(),
            size=unverified_checkpoint(checkpoint).size,
        )

    return await asyncio.to_thread(look)


async def export_entries(call: Call[None, ExportQuery]) -> Response:
    """A stream of the entries that the filter shows; the log says first who took it.

    :raises NotFound: when the filter names somebody unknown.
    """
    kind = ExportKind(call.query.format)
    where = await call.read_long(lambda reader: entry_filter(call, call.query, reader))
    if where is None:
        raise NotFound("Nobody has this id.")
    await call.run(lambda unit: unit.record(_exported(call, kind, where)))
    lines = call.node.engine.export(kind, where)
    suffix = _EXPORT_SUFFIXES.get(kind, kind.value)
    return StreamingResponse(
        call.node.pieces(chunks(lines)),
        media_type=_EXPORT_TYPES[kind],
        headers={"content-disposition": f'attachment; filename="audit.{suffix}"'},
    )


def chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """``lines`` in pieces of some size, none of them empty: each costs a hop to a thread."""
    gathered: list[bytes] = []
    size = 0
    for line in lines:
        gathered.append(line)
        size += len(line)
        if size >= _CHUNK_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def entry_filter(
    call: Call[None, Any], conditions: EntryConditions, reader: Reader
) -> EntryFilter | None:
    """What to search for; None when nothing can match."""
    people = find_people(
        reader,
        call.node.engine.vault,
        application_id=optional_application(call.principal, conditions.application_id),
        actor_id=given(conditions.actor_id),
        subject_id=given(conditions.subject_id),
        organization_id=given(conditions.organization_id),
    )
    if people is None:
        return None
    return EntryFilter(
        application_id=people.application_id,
        types=frozenset(conditions.type),
        actor_ref=people.actor_ref,
        subject_ref=people.subject_ref,
        organization_ref=people.organization_ref,
        grant_id=given(conditions.grant_id),
        session_id=given(conditions.session_id),
        outcome=given(conditions.outcome),
        since=given(conditions.since),
        until=given(conditions.until),
    )


async def _entry(call: Call[None, NoQuery]) -> Entry:
    index = call.path["index"]
    if _INDEX.fullmatch(index) is None:
        raise NotFound
    entry = await call.read(lambda reader: reader.entries.get(int(index)))
    if entry is None:
        raise NotFound
    require_own(call.principal, entry_answer(entry).application_id)
    return entry


def _exported(call: Call[None, ExportQuery], kind: ExportKind, where: EntryFilter) -> Event:
    origin = call.origin
    return Event(
        type=EventType.AUDIT_EXPORTED,
        application_id=where.application_id,
        actor=call.party,
        address=origin.address,
        user_agent=origin.user_agent,
        details={"format": kind.value, **asked_for(where)},
    )


def _before(cursor: str) -> int:
    key = from_cursor(cursor)
    if len(key) != 1 or _INDEX.fullmatch(key[0]) is None:
        raise InvalidInput("This is not a cursor of ours.", facts={"field": "cursor"})
    return int(key[0])


def _wants_text(accept: str) -> bool:
    kinds = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return "text/plain" in kinds and JSON not in kinds


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/audit/entries",
        operation="list_entries",
        summary="Entries of the audit log, newest first",
        tag=_TAG,
        access=_READ,
        handler=list_entries,
        query=EntriesQuery,
        answers=answers(Listed[EntryAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        operation="get_entry",
        summary="One entry",
        tag=_TAG,
        access=_READ,
        handler=get_entry,
        answers=answers(EntryAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/receipt",
        operation="get_receipt",
        summary="Proof that an entry is in the log, to be verified offline",
        description="With `Accept: text/plain` the bare C2SP tlog-proof, as a `.tlog-proof` file.",
        tag=_TAG,
        access=_READ,
        handler=get_receipt,
        answers=(Answered(type=ReceiptAnswer, media=(JSON, "text/plain")),),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{API}/audit/log",
        operation="get_log",
        summary="The log's name, keys and newest checkpoint",
        tag=_TAG,
        access=_READ,
        handler=get_log,
        answers=answers(LogAnswer),
    ),
    Endpoint(
        method="GET",
        path=f"{API}/audit/export",
        operation="export_entries",
        summary="Export entries as NDJSON, CSV, OCSF, ECS or CEF, oldest first",
        description=(
            "`ndjson` verifies offline; `ocsf`, `ecs` (one JSON object a line) and `cef` are for "
            "a SIEM. Exporting is itself an entry, written before the first line is sent."
        ),
        tag=_TAG,
        access=operator(Permission.AUDIT_EXPORT),
        handler=export_entries,
        head=False,
        query=ExportQuery,
        answers=(
            Answered(
                media=("application/x-ndjson", "text/csv", "text/plain"),
                description="One entry a line.",
            ),
        ),
        problems=(NotFound,),
        rate=RateClass.HEAVY,
    ),
)
