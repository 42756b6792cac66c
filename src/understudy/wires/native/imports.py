"""Users from files: a look at what would be read, and reading them in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from understudy.core.applications.application import Application
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import ManagedByApp, NotFound, RemovalUnconfirmed
from understudy.flows.directory.absent import said_or
from understudy.flows.directory.files.faults import NotMapped
from understudy.flows.directory.files.reading import Kind, SubjectFile, read_subjects
from understudy.flows.directory.import_slices import NOTHING, Import
from understudy.flows.directory.import_subjects import ImportRow
from understudy.flows.directory.import_subjects import RowProblem as Found
from understudy.flows.directory.remove_absent import Sync, leaving
from understudy.http.absent import given
from understudy.http.access import operator_or_application
from understudy.http.app_users import require_kept_here
from understudy.http.bounds import required_application
from understudy.http.call import Call
from understudy.http.endpoint import API, JSON, MAX_IMPORT_BYTES, Body, Endpoint, RateClass, answers
from understudy.wires.native.presets import layout_of
from understudy.wires.native.schemas.imports import (
    ImportPreview,
    ImportReport,
    PreviewRow,
    RowProblem,
)
from understudy.wires.native.schemas.queries import FileQuery, ImportQuery
from understudy.wires.native.unranked import unranked_answer

_TAG = "directory"
_WRITE = operator_or_application(Permission.DIRECTORY_WRITE)
_KINDS = {"text/csv": Kind.CSV, "application/x-ndjson": Kind.NDJSON, JSON: Kind.JSON}
_FILE = Body(type=bytes, media=tuple(_KINDS), max_bytes=MAX_IMPORT_BYTES)
_FORMS = (
    "CSV has the header `id,email,name,organization_id,organization_name,roles,protected,tags` "
    "(roles and tags separated by `;`, only `id` required), separated by commas, semicolons or "
    "tabs; NDJSON has the same names, and JSON is a list of such objects, alone or within an "
    "object. For files in other words there are `preset` and `map`. What has no column stays as it "
    "is."
)
_SHOWN_PROBLEMS = 200
_SHOWN_ROWS = 10


async def preview_import(call: Call[bytes, FileQuery]) -> ImportPreview:
    """What a file says, before anything is saved; also of one whose columns are still to map."""
    await call.read(lambda reader: _application(call, reader))
    try:
        file = await _read(call)
    except NotMapped as refused:
        problem = Found(line=1, code="not_mapped", detail=refused.detail)
        file = SubjectFile(columns=refused.columns, unread=refused.columns, problems=[problem])
    kept = [row.facts.id for row in file.rows]
    gone = None
    if call.query.mode == "sync":
        gone = await call.read_long(
            lambda reader: leaving(reader, _application(call, reader), kept)
        )
    return ImportPreview(
        columns=list(file.columns),
        unread=list(file.unread),
        read=dict(file.read),
        rows=[_row(row) for row in file.rows[:_SHOWN_ROWS]],
        row_count=len(file.rows),
        removed=None if gone is None else len(gone.ids),
        user_count=None if gone is None else gone.of,
        many=gone is not None and gone.many,
        problems=_problems(file.problems),
        problem_count=len(file.problems),
    )


async def import_subjects(call: Call[bytes, ImportQuery]) -> ImportReport:
    """Many users at once, from a file."""
    await require_kept_here(call, lambda reader: _application(call, reader))
    sync = Sync(at_most=given(call.query.remove_at_most)) if call.query.mode == "sync" else None
    file = await _read(call)
    asked = Import(
        rows=file.rows,
        problems=file.problems,
        partial=call.query.partial,
        by=call.party,
        origin=call.origin,
        sync=sync,
        application=lambda reader: _application(call, reader),
    )
    report = NOTHING
    for one in asked.slices():
        report = report.and_then(await call.run_ending(one))
    # Outside of the import's unit: it reads every user, and others may write meanwhile.
    unranked = await call.read_long(
        lambda reader: unranked_answer(reader, _application(call, reader))
    )
    return ImportReport(
        saved=report.saved,
        unchanged=report.unchanged,
        removed=report.removed,
        unread=list(file.unread),
        problems=_problems(report.problems),
        problem_count=len(report.problems),
        unranked=unranked,
    )


def _application(call: Call[Any, Any], reader: Reader) -> Application:
    return required_application(call.principal, call.query.application_id, reader)


async def _read(call: Call[bytes, Any]) -> SubjectFile:
    query: FileQuery = call.query
    layout = layout_of(given(query.preset), query.map)
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await asyncio.to_thread(read_subjects, call.body, _KINDS[media], layout)


def _row(row: ImportRow) -> PreviewRow:
    facts = row.facts
    roles, tags = said_or(facts.roles, None), said_or(facts.tags, None)
    return PreviewRow(
        id=facts.id,
        email=said_or(facts.email, None),
        name=said_or(facts.name, None),
        organization_id=said_or(facts.organization_id, None),
        organization_name=row.organization_name,
        roles=None if roles is None else list(roles),
        protected=said_or(facts.protected, None),
        tags=None if tags is None else list(tags),
    )


def _problems(problems: Sequence[Found]) -> list[RowProblem]:
    return [
        RowProblem(
            line=problem.line,
            row=problem.row,
            column=problem.column,
            code=problem.code,
            detail=problem.detail,
        )
        for problem in problems[:_SHOWN_PROBLEMS]
    ]


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/subjects/import/preview",
        operation="preview_import",
        summary="What an import would read from a file",
        description="Nothing is saved. " + _FORMS,
        tag=_TAG,
        access=_WRITE,
        handler=preview_import,
        query=FileQuery,
        body=_FILE,
        answers=answers(ImportPreview),
        problems=(NotFound,),
        rate=RateClass.HEAVY,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/subjects/import",
        operation="import_subjects",
        summary="Import users from CSV, NDJSON or JSON",
        description=_FORMS + " Nothing is saved when any row has a problem, unless `partial` is "
        "true. With `mode=sync` whoever is not in the file is deleted, and sessions as them end: "
        "never when any row has a problem, and more than one in ten users only up to "
        "`remove_at_most`.",
        tag=_TAG,
        access=_WRITE,
        handler=import_subjects,
        query=ImportQuery,
        body=_FILE,
        answers=answers(ImportReport),
        problems=(NotFound, RemovalUnconfirmed, ManagedByApp),
        rate=RateClass.HEAVY,
    ),
)
