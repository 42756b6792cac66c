"""``understudy app secret``: a new secret for an app that has lost its own, or never had one."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from understudy.cli.installation import (
    COMMAND_LINE,
    DatabaseUrl,
    DataDir,
    application_of,
    opened,
)
from understudy.cli.output import Json, print_facts
from understudy.flows.applications.administer import rotate_secret
from understudy.flows.origin import Origin

MOST_MINUTES = 7 * 24 * 60


def secret(
    *,
    application_id: Annotated[str, typer.Argument(metavar="APP_ID", help="The application's id.")],
    overlap_minutes: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_MINUTES, help="How long the old secret works on; 0 if it has leaked."
        ),
    ] = 0,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Give an app a new secret, which is printed this once."""
    with opened(data_dir, database_url) as engine:
        with engine.reading() as reader:
            application_of(reader, application_id)
        made = engine.run(
            lambda unit: rotate_secret(
                unit,
                application_id,
                overlap=timedelta(minutes=overlap_minutes),
                by=COMMAND_LINE,
                origin=Origin(),
            )
        )
    print_facts({"application_id": made.application.id, "secret": made.secret}, as_json=as_json)
