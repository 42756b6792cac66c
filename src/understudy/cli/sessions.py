"""``understudy sessions``: see who works as whom, and end it."""

from __future__ import annotations

from typing import Annotated

import typer

from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, print_facts, print_rows
from understudy.cli.sessions_end import end as end_many
from understudy.core.ids import SessionId
from understudy.core.impersonation.endings import Proof
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.ports import Page, Reader, SessionFilter, SessionState, Unit
from understudy.errors import NotFound
from understudy.flows.impersonation.end import end
from understudy.flows.origin import Origin

app = typer.Typer(help="Who works as whom.", no_args_is_help=True)


@app.command("list")
def list_sessions(
    *,
    app_id: Annotated[str | None, typer.Option("--app", help="Of one application.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are over, the newest 500.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List live sessions."""
    state = None if everything else SessionState.LIVE
    where = SessionFilter(application_id=app_id, state=state)
    with (
        opened(data_dir, database_url, require_sound_log=False) as engine,
        engine.reading() as reader,
    ):
        rows = [_row(reader, found) for found in reader.sessions.search(where, Page(limit=500))]
    print_rows(rows, as_json=as_json, nothing="Nobody works as anybody right now.")


@app.command()
def revoke(
    *,
    session_id: Annotated[str, typer.Argument(help="The session's id.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """End a session now. Revoking twice is no error."""

    def flow(unit: Unit) -> Session:
        if unit.sessions.get(SessionId(session_id)) is None:
            raise NotFound(f"There is no session {session_id}. See: understudy sessions list")
        return end(
            unit, SessionId(session_id), cause=EndCause.REVOKED, by=COMMAND_LINE, origin=Origin()
        )

    with opened(data_dir, database_url, require_sound_log=False) as engine:
        ended = engine.endings.end(flow, proven=Proof.DATA_DIRECTORY)
    over = ended.value
    facts = {
        "session_id": over.id,
        "end_cause": over.end_cause,
        "ended_at": over.ended_at,
        "logged": ended.logged,
    }
    print_facts(facts, as_json=as_json)


app.command("end")(end_many)


def _row(reader: Reader, session: Session) -> dict[str, object]:
    grant = reader.grants.get(session.grant_id)
    return {
        "session_id": session.id,
        "application_id": session.application_id,
        "actor": (grant.actor.email or grant.actor.id) if grant else session.actor_ref,
        "subject_id": grant.subject_id if grant else session.subject_ref,
        "reason": grant.reason if grant else None,
        "started_at": session.started_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "end_cause": session.end_cause.value if session.end_cause else None,
    }
