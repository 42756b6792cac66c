"""``understudy users``: bring in the people whom staff may work as."""

from __future__ import annotations

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
from understudy.cli.output import Json, err, print_facts, print_json
from understudy.core.impersonation.endings import Proof
from understudy.errors import InvalidInput
from understudy.flows.directory.import_subjects import ImportReport, import_subjects
from understudy.flows.directory.subject_files import COLUMNS, SubjectFile, read_csv, read_ndjson
from understudy.flows.directory.unranked import Unranked, unranked_roles
from understudy.flows.origin import Origin

app = typer.Typer(help="The people whom staff may work as.", no_args_is_help=True)

_SHOWN_PROBLEMS = 20


@app.callback()
def users() -> None:
    """The people whom staff may work as."""


@app.command("import")
def import_users(
    *,
    file: Annotated[
        Path, typer.Argument(help=f"CSV with the header {','.join(COLUMNS)}, or NDJSON.")
    ],
    app_id: AppId,
    partial: Annotated[
        bool, typer.Option("--partial", help="Import the good rows although others are bad.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Import users. Bad rows are named by line; nothing is imported then, unless --partial."""
    with (
        opened(data_dir, database_url) as engine,
        Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        ) as progress,
    ):
        progress.add_task(f"Reading {file.name} …")
        read = _read(file)
        progress.add_task(f"Saving {len(read.rows):,} users …")
        report = engine.endings.run_ending(
            lambda unit: import_subjects(
                unit,
                application_of(unit, app_id),
                read.rows,
                read.problems,
                partial=partial,
                by=COMMAND_LINE,
                origin=Origin(),
            ),
            proven=Proof.DATA_DIRECTORY,
        )
        with engine.reading() as reader:
            unranked = unranked_roles(reader, application_of(reader, app_id))
    _print(report, unranked, partial=partial, as_json=as_json)
    if report.problems and not partial:
        raise typer.Exit(1)


def _read(file: Path) -> SubjectFile:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    return read_ndjson(raw) if file.suffix in (".ndjson", ".jsonl") else read_csv(raw)


def _print(report: ImportReport, unranked: Unranked, *, partial: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "saved": report.saved,
                "unchanged": report.unchanged,
                "problems": [asdict(problem) for problem in report.problems],
                "unranked": asdict(unranked),
            }
        )
        return
    for problem in report.problems[:_SHOWN_PROBLEMS]:
        err.print(f"line {problem.line}: {problem.detail} ({problem.code})", markup=False)
    if len(report.problems) > _SHOWN_PROBLEMS:
        err.print(f"… and {len(report.problems) - _SHOWN_PROBLEMS} more")
    if report.problems and not partial:
        err.print("Nothing was imported. Mend these lines, or add --partial to skip them.")
        return
    print_facts({"saved": report.saved, "unchanged": report.unchanged}, as_json=False)
    if unranked.users:
        err.print(f"{unranked}. Rank them in the application's settings.", markup=False)
