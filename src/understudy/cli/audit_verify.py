"""``understudy audit verify``: whether the log, or an export of it, is what was signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from understudy.audit.entries.findings import Report
from understudy.audit.entries.handover import predecessors, successors
from understudy.audit.entries.verify import Progress as OnProgress
from understudy.audit.exports.ndjson import ExportReader, verify_export
from understudy.audit.tlog.checkpoint import Checkpoint, open_checkpoint
from understudy.audit.tlog.note import Verifier, claimed
from understudy.cli.audit_compare import SHOWN, facts_of, print_differences
from understudy.cli.installation import DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, clear_errors, err, out, print_json
from understudy.errors import AuditError, InvalidInput
from understudy.flows.comparison.compare import Comparison, compare


def verify(
    *,
    export: Annotated[
        Path | None, typer.Argument(help="An NDJSON export; without one, the log itself.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VKEY",
            help="The log's key, as you noted it earlier; again for each that you know.",
        ),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(metavar="OLD", help="A checkpoint kept earlier: the log must go on from it."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Recompute everything: leaves, root, signature, payloads, columns, erasures.

    Then rows are compared with the log: who may do something, and no entry says why, is found.
    An export is verified offline, without the installation. A key that was replaced since verifies
    too: it has signed the one after it. Exit status 1 means: do not trust it.
    """
    with clear_errors():
        given = [Verifier.from_text(vkey) for vkey in key or ()]
    rows = None
    if export is None:
        report, rows = _verify_installation(data_dir, database_url, given, checkpoint or [])
    else:
        report = _verify_file(export, given, checkpoint or [])
    if as_json:
        _print_json(report, rows, key_was_given=bool(given))
    else:
        _print(report, rows, key_was_given=bool(given))
    if not _is_ok(report, rows):
        raise typer.Exit(1)


def _is_ok(report: Report, rows: Comparison | None) -> bool:
    return report.ok and (rows is None or rows.ok)


def _verify_installation(
    data_dir: Path | None, database_url: str | None, given: Sequence[Verifier], kept: Sequence[Path]
) -> tuple[Report, Comparison]:
    with opened(data_dir, database_url, require_sound_log=False) as engine:
        verifiers = list(engine.verifiers())
        if any(key not in verifiers for key in given):
            raise InvalidInput("This installation never signed with the given key.")
        older = [_kept(path, verifiers, engine.origin) for path in kept]
        with engine.reading() as reader:
            total = reader.entries.size()
        with _progress(total) as advance:
            report = engine.verify(older=older, progress=advance)
        with engine.comparing() as rows, _progress(None, "Comparing rows") as advance:
            return report, compare(rows, progress=advance)


def _verify_file(export: Path, given: Sequence[Verifier], kept: Sequence[Path]) -> Report:
    with clear_errors():
        try:
            with export.open("rb") as file, _progress(None) as advance:
                handovers = [*ExportReader(file).handovers()]
                file.seek(0)
                reader = ExportReader(file)
                trusted = given or [Verifier.from_text(reader.header.unverified_key)]
                signers = successors(trusted, handovers)
                known = predecessors(signers, handovers)
                older = [_kept(path, known, reader.header.origin) for path in kept]
                # One that none of them signed is reported under the key that was expected.
                verifier = claimed(reader.header.checkpoint.encode(), signers) or trusted[0]
                return verify_export(reader, verifier=verifier, older=older, progress=advance)
        except OSError as error:
            raise InvalidInput(f"{export} cannot be read: {error.strerror}.") from error


def _kept(path: Path, verifiers: Sequence[Verifier], origin: str) -> Checkpoint:
    try:
        note = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    problem: AuditError | None = None
    for verifier in verifiers:
        try:
            return open_checkpoint(note, verifier=verifier, origin=origin)
        except AuditError as error:
            problem = error
    raise problem or AuditError("no key to check the kept checkpoint with")


@contextmanager
def _progress(total: int | None, what: str = "Verifying") -> Iterator[OnProgress]:
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("verify", total=total)
        yield lambda count: shown.update(task, completed=count)


def _print_json(report: Report, rows: Comparison | None, *, key_was_given: bool) -> None:
    print_json(
        {
            "ok": _is_ok(report, rows),
            "origin": report.origin,
            "entries": report.entries,
            "size": report.head.size if report.head else None,
            "root": report.head.root.hex() if report.head else None,
            "erased_personal": report.erased_personal,
            "erased_core": report.erased_core,
            "withheld": report.withheld,
            "key_was_given": key_was_given,
            "findings": [
                {"code": finding.code, "index": finding.index, "message": finding.message}
                for finding in report.findings
            ],
            "more_findings": report.more,
            "rows": None if rows is None else facts_of(rows),
        }
    )


def _print(report: Report, rows: Comparison | None, *, key_was_given: bool) -> None:
    for finding in report.findings[:SHOWN]:
        where = "log" if finding.index is None else f"entry {finding.index}"
        err.print(f"{where}: {finding.message} ({finding.code})", markup=False)
    hidden = len(report.findings) + report.more - min(len(report.findings), SHOWN)
    if hidden > 0:
        err.print(f"… and {hidden:,} more; --json lists them")
    if rows is not None:
        print_differences(rows)
    ok = _is_ok(report, rows)
    verdict = "[green]verified[/green]" if ok else "[bold red]NOT VERIFIED[/bold red]"
    out.print(f"{verdict}: {report.entries:,} entries of {report.origin}")
    if report.erased_personal or report.erased_core or report.withheld:
        out.print(
            f"erased, each covered by an entry: {report.erased_personal:,} personal halves, "
            f"{report.erased_core:,} core halves; withheld by the export's filter: "
            f"{report.withheld:,}"
        )
    if not key_was_given:
        err.print(
            "note: the key came from the same place as the log. Give --key as you noted it "
            "earlier to rule out a log signed anew."
        )
