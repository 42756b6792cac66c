"""``understudy app session-origins``: at which origins an app's sessions are served."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.installation import (
    COMMAND_LINE,
    DatabaseUrl,
    DataDir,
    application_of,
    opened,
    public_url_for,
)
from understudy.cli.output import Json, print_facts
from understudy.core.applications.application import Application
from understudy.core.ports import Unit
from understudy.errors import InvalidInput
from understudy.flows.applications.administer import update
from understudy.flows.origin import Origin


def session_origins(
    *,
    application_id: Annotated[str, typer.Argument(metavar="APP_ID", help="The app's id.")],
    pattern: Annotated[
        str | None,
        typer.Argument(help="https://*.view.app.example; left out, what is set is shown."),
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help="Serve new sessions at the app's own origin again.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Show or set at which origins sessions are served, each at one of its own.

    Sessions and grants that are there already stay where they are.
    """
    with opened(data_dir, database_url) as engine:
        if none and pattern is not None:
            raise InvalidInput("Give a pattern or --none, not both.")
        require_apart(pattern, data_dir, database_url)
        if none or pattern is not None:
            shown = engine.run(lambda unit: _set(unit, application_id, pattern))
        else:
            with engine.reading() as reader:
                shown = application_of(reader, application_id)
    facts = {"application_id": shown.id, "session_origins": shown.settings.session_origins}
    print_facts(facts, as_json=as_json)


def require_apart(pattern: str | None, data_dir: Path | None, database_url: str | None) -> None:
    """Refuse a pattern in whose domain somebody else is at home, the dashboard included.

    :raises InvalidInput: see ``http.registrable.check_apart``.
    """
    from understudy.http.registrable import check_apart

    if pattern is not None:
        check_apart(pattern, public_url_for(data_dir, database_url))


def _set(unit: Unit, application_id: str, pattern: str | None) -> Application:
    from understudy.service.table import WIRES

    known = application_of(unit, application_id)
    changed = replace(known, settings=replace(known.settings, session_origins=pattern))
    return update(unit, changed, wires=WIRES.settings, by=COMMAND_LINE, origin=Origin())
