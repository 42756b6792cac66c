"""``understudy users``: bring in the people whom staff may work as."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from understudy.cli.installation import (
    COMMAND_LINE,
    AppId,
    DatabaseUrl,
    DataDir,
    application_of,
    opened,
)
from understudy.cli.output import Json, clear_errors, err, print_facts, print_json, print_rows
from understudy.core.impersonation.endings import Proof
from understudy.errors import InvalidInput
from understudy.flows.directory.absent import said_or
from understudy.flows.directory.files.layouts import COLUMNS, Layout
from understudy.flows.directory.files.reading import Kind, SubjectFile, place, read_subjects
from understudy.flows.directory.import_slices import NOTHING, Import
from understudy.flows.directory.import_subjects import ImportReport, ImportRow, RowProblem
from understudy.flows.directory.remove_absent import Sync
from understudy.flows.directory.unranked import Unranked, unranked_roles
from understudy.flows.origin import Origin
from understudy.storage.engine.engine import StoreEngine
from understudy.wires.native.presets import PRESETS, layout_of

app = typer.Typer(help="The people whom staff may work as.", no_args_is_help=True)

_SHOWN_PROBLEMS = 20
_SHOWN_ROWS = 5
_MOST_BYTES = 256 * 2**20


@app.callback()
def users() -> None:
    """The people whom staff may work as."""


@app.command("import")
def import_users(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            help=f"CSV with the header {','.join(COLUMNS)}, NDJSON or JSON, gzipped or not."
        ),
    ],
    app_id: AppId,
    preset: Annotated[
        str | None,
        typer.Option("--preset", help=f"Whose export it is: {', '.join(PRESETS)}."),
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OURS=THEIRS",
            help="Read one of our columns from theirs, “first name + last name” from two of them,"
            " or from none if nothing stands behind the =. May be repeated.",
        ),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would be read, and save nothing.")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Import the good rows although others are bad.")
    ] = False,
    sync: Annotated[
        bool,
        typer.Option("--sync", help="Delete whoever is not in the file; it has to hold everybody."),
    ] = False,
    at_most: Annotated[
        int | None,
        typer.Option(
            "--remove-at-most",
            min=0,
            help="How many --sync may delete, if they are more than one in ten.",
        ),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Import users. Bad rows are named by line; nothing is imported then, unless --partial."""
    with clear_errors():
        layout = layout_of(preset, mapped or ())
        if preview:
            _show(_read(file, layout), as_json=as_json)
            return
    with opened(data_dir, database_url) as engine, _progress() as progress:
        progress.add_task(f"Reading {file.name} …")
        read = _read(file, layout)
        asked = Import(
            rows=read.rows,
            problems=read.problems,
            partial=partial,
            by=COMMAND_LINE,
            origin=Origin(),
            sync=Sync(at_most=at_most) if sync else None,
            application=lambda reader: application_of(reader, app_id),
        )
        report = _saved(engine, asked, progress)
        with engine.reading() as reader:
            unranked = unranked_roles(reader, application_of(reader, app_id))
    _print(report, read, unranked, partial=partial, as_json=as_json)
    if report.problems and not partial:
        raise typer.Exit(1)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _saved(engine: StoreEngine, asked: Import, progress: Progress) -> ImportReport:
    number = f"{len(asked.rows):,}"
    task = progress.add_task(f"Saving {number} users …")
    report = NOTHING
    for one in asked.slices():
        report = report.and_then(engine.endings.run_ending(one, proven=Proof.DATA_DIRECTORY))
        there = report.saved + report.unchanged
        progress.update(task, description=f"Saved {there:,} of {number} users …")
    return report


def _read(file: Path, layout: Layout) -> SubjectFile:
    try:
        with file.open("rb") as opened_file:
            packed = opened_file.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as bytes_of:
            raw = bytes_of.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is not whole"
        raise InvalidInput(f"{file} cannot be read: {why}.") from error
    if len(raw) > _MOST_BYTES:
        raise InvalidInput(f"{file} is larger than {_MOST_BYTES // 2**20} MB. Split it.")
    lines = set(file.suffixes) & {".ndjson", ".jsonl"}
    return read_subjects(raw, Kind.NDJSON if lines else None, layout)


def _show(read: SubjectFile, *, as_json: bool) -> None:
    rows = [_said(row, read) for row in read.rows[:_SHOWN_ROWS]]
    if as_json:
        print_json(
            {
                "read": dict(read.read),
                "unread": list(read.unread),
                "rows": rows,
                "row_count": len(read.rows),
                "problems": [asdict(problem) for problem in read.problems],
            }
        )
        return
    print_facts({**read.read, "not read": ", ".join(read.unread) or None}, as_json=False)
    print_rows(rows, as_json=False, nothing="There is nobody in this file.")
    _tell(read.problems)
    err.print(f"{len(read.rows):,} users. Nothing was imported.")


def _said(row: ImportRow, read: SubjectFile) -> dict[str, object]:
    said = {**vars(row.facts), "organization_name": row.organization_name}
    return {ours: said_or(said[ours], None) for ours in COLUMNS if ours in read.read}


def _tell(problems: Sequence[RowProblem]) -> None:
    for problem in problems[:_SHOWN_PROBLEMS]:
        where = place(problem.line, problem.row)
        column = "" if problem.column is None else f", column {problem.column}"
        err.print(f"{where}{column}: {problem.detail} ({problem.code})", markup=False)
    if len(problems) > _SHOWN_PROBLEMS:
        err.print(f"… and {len(problems) - _SHOWN_PROBLEMS} more")


def _print(
    report: ImportReport, read: SubjectFile, unranked: Unranked, *, partial: bool, as_json: bool
) -> None:
    if as_json:
        print_json(
            {
                "saved": report.saved,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "unread": list(read.unread),
                "problems": [asdict(problem) for problem in report.problems],
                "unranked": asdict(unranked),
            }
        )
        return
    _tell(report.problems)
    if read.unread:
        err.print(f"Not read: {', '.join(read.unread)}", markup=False)
    if report.problems and not partial:
        err.print("Nothing was imported. Mend these lines, or add --partial to skip them.")
        return
    counts = {"saved": report.saved, "unchanged": report.unchanged, "removed": report.removed}
    print_facts(counts, as_json=False)
    if unranked.users:
        err.print(f"{unranked}. Rank them in the application's settings.", markup=False)
