"""``understudy audit hold``: keep what retention or an erasure would take away."""

from __future__ import annotations

from typing import Annotated

import typer

from understudy.cli.installation import (
    COMMAND_LINE,
    AppId,
    DatabaseUrl,
    DataDir,
    application_of,
    opened,
)
from understudy.cli.output import Json, print_facts, print_rows
from understudy.core.ids import SubjectId
from understudy.core.ports import Hold, Unit
from understudy.errors import NotFound
from understudy.flows.origin import Origin
from understudy.flows.retention import holds

app = typer.Typer(help="Legal holds: what they cover is not erased.", no_args_is_help=True)


@app.command()
def place(
    *,
    app_id: AppId,
    reason: Annotated[str, typer.Option(help="Why this is kept.")],
    subject_id: Annotated[
        str | None,
        typer.Option("--subject", help="The user's id in the app; without, the whole app."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Keep everything about a user, or about an app, until the hold is released."""

    def flow(unit: Unit) -> Hold:
        application = application_of(unit, app_id)
        subject = None if subject_id is None else SubjectId(subject_id)
        if subject is not None and unit.subjects.get(application.id, subject) is None:
            raise NotFound(f"The application never had a user with the id {subject_id}.")
        return holds.place(
            unit,
            application.id,
            subject_id=subject,
            reason=reason,
            by=COMMAND_LINE,
            origin=Origin(),
        )

    with opened(data_dir, database_url) as engine:
        hold = engine.run(flow)
    print_facts(_facts(hold), as_json=as_json)


@app.command()
def release(
    *,
    hold_id: Annotated[str, typer.Argument(help="The hold's id.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """End a hold; retention catches up with what it kept. Releasing twice is no error."""

    def flow(unit: Unit) -> Hold:
        if unit.holds.get(hold_id) is None:
            raise NotFound(f"There is no hold {hold_id}. See: understudy audit hold list")
        return holds.release(unit, hold_id, by=COMMAND_LINE, origin=Origin())

    with opened(data_dir, database_url) as engine:
        hold = engine.run(flow)
    print_facts(_facts(hold), as_json=as_json)


@app.command("list")
def list_holds(
    *,
    app_id: Annotated[str | None, typer.Option("--app", help="Of one application.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those released.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List the holds that stand."""
    with opened(data_dir, database_url) as engine, engine.reading() as reader:
        found = reader.holds.list(application_id=app_id)
    rows = [_facts(hold) for hold in found if everything or hold.released_at is None]
    print_rows(rows, as_json=as_json, nothing="Nothing is under hold.")


def _facts(hold: Hold) -> dict[str, object]:
    return {
        "hold_id": hold.id,
        "application_id": hold.application_id,
        "subject_id": hold.subject_id,
        "reason": hold.reason,
        "placed_by": hold.placed_by,
        "placed_at": hold.placed_at.isoformat(),
        "released_at": hold.released_at.isoformat() if hold.released_at else None,
    }
