"""``understudy audit``: read the log, prove it, and let it forget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli import (
    audit_erase,
    audit_files,
    audit_follow,
    audit_hold,
    audit_retain,
    audit_verify,
)
from understudy.cli.installation import (
    COMMAND_LINE,
    AppId,
    DatabaseUrl,
    DataDir,
    opened,
)
from understudy.cli.output import Json, err, print_facts, print_rows
from understudy.core.ids import SessionId, SubjectId
from understudy.core.notices.events import Event, EventType, Scalar
from understudy.core.ports import Entry, EntryFilter
from understudy.storage.log.exports import ExportKind, asked_for

app = typer.Typer(help="The log that nobody can quietly change.", no_args_is_help=True)
app.command("verify")(audit_verify.verify)
app.command("receipt")(audit_files.receipt)
app.command("checkpoint")(audit_files.checkpoint)
app.command("follow")(audit_follow.follow)
app.command("retain")(audit_retain.retain)
app.add_typer(audit_hold.app, name="hold")

OneApp = Annotated[str | None, typer.Option("--app", help="Of one application.")]
OneSession = Annotated[str | None, typer.Option("--session", help="Of one session.")]
Types = Annotated[list[EventType] | None, typer.Option("--type", help="May be repeated.")]
Since = Annotated[datetime | None, typer.Option(help="Not before, in UTC.")]
Until = Annotated[datetime | None, typer.Option(help="Before, in UTC.")]


@app.command("list")
def list_entries(
    *,
    app_id: OneApp = None,
    session_id: OneSession = None,
    types: Types = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List the newest entries."""
    where = EntryFilter(
        application_id=app_id, session_id=_session(session_id), types=frozenset(types or ())
    )
    with (
        opened(data_dir, database_url, require_sound_log=False) as engine,
        engine.reading() as reader,
    ):
        rows = [_row(entry) for entry in reader.entries.search(where, limit=limit)]
    print_rows(rows, as_json=as_json, nothing="No entry matches.")


@app.command()
def export(
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Else to stdout.")] = None,
    kind: Annotated[ExportKind, typer.Option("--format")] = ExportKind.NDJSON,
    app_id: OneApp = None,
    session_id: OneSession = None,
    types: Types = None,
    since: Since = None,
    until: Until = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Export the log. NDJSON verifies offline: understudy audit verify FILE --key VKEY.

    OCSF, ECS and CEF are for a SIEM; to feed one as entries come, see: understudy audit follow
    """
    where = EntryFilter(
        application_id=app_id,
        session_id=_session(session_id),
        types=frozenset(types or ()),
        since=audit_files.in_utc(since),
        until=audit_files.in_utc(until),
    )
    with opened(data_dir, database_url) as engine:
        details: dict[str, Scalar] = {"format": kind, **asked_for(where)}
        engine.run(
            lambda unit: unit.record(
                Event(type=EventType.AUDIT_EXPORTED, actor=COMMAND_LINE, details=details)
            )
        )
        with engine.reading() as reader:
            total = reader.entries.size()
        written = audit_files.write(engine.export(kind, where), output, total=total)
        keys = [verifier.to_text() for verifier in engine.verifiers()]
    if output is None:
        return
    if kind is not ExportKind.NDJSON:
        err.print(f"{written:,} lines written.")
        return
    err.print(f"{written:,} lines written. Verify them offline:", markup=False)
    err.print(f"  understudy audit verify {output} --key '{keys[-1]}'", markup=False)


@app.command()
def erase(
    *,
    subject_id: Annotated[str, typer.Option("--subject", help="The user's id in the app.")],
    app_id: AppId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Forget names, addresses and reasons in every entry about a user; proofs go on verifying."""
    with opened(data_dir, database_url) as engine:
        erased = audit_erase.erase(engine, app_id, SubjectId(subject_id))
    print_facts({"entries": erased.entries, "grants": erased.grants}, as_json=as_json)


def _row(entry: Entry) -> dict[str, object]:
    core, personal = entry.core or {}, entry.personal or {}
    named: Sequence[tuple[Mapping[str, object], str]] = (
        *((personal, f"actor_{part}") for part in ("email", "id", "name")),
        *((core, f"actor_{part}") for part in ("ref", "kind")),
    )
    return {
        "index": entry.index,
        "time": entry.time.isoformat(timespec="seconds"),
        "type": entry.type,
        "actor": next(filter(None, (half.get(name) for half, name in named)), None),
        "subject": personal.get("subject_id") or core.get("subject_ref"),
        "outcome": core.get("rule") or core.get("outcome"),
        "reason": personal.get("reason") or personal.get("path"),
    }


def _session(session_id: str | None) -> SessionId | None:
    return None if session_id is None else SessionId(session_id)
