"""The options that say which installation a verb works on, and opening it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.output import clear_errors
from understudy.config import Settings
from understudy.core.applications.application import Application
from understudy.core.notices.events import Party, PartyKind
from understudy.core.ports import Reader
from understudy.errors import NotFound
from understudy.service.opening import open_installation
from understudy.storage.data_directory import DataDirectory
from understudy.storage.engine.engine import StoreEngine

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where key, checkpoint and SQLite live.", show_default=False),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", help="postgresql://… when it is not SQLite."),
]
AppId = Annotated[str, typer.Option("--app", metavar="APP_ID", help="The application's id.")]

COMMAND_LINE = Party(kind=PartyKind.SYSTEM, name="command line")
"""Who acts when somebody with the installation's key uses the command line."""
PATIENCE_SECONDS = 30.0
"""How long a verb waits for others who write to a SQLite file. A request would have to be answered
long before, but nobody waits behind a verb; and whoever refuses it sends a script home half-way.
"""


def settings_for(data_dir: Path | None, database_url: str | None) -> Settings:
    """The environment's settings, with the options on top."""
    given = {"data_dir": data_dir, "database_url": database_url}
    return Settings.from_environment(given=given)


def public_url_for(data_dir: Path | None, database_url: str | None) -> str:
    """Where browsers find the service: as the environment says, else as it was last started."""
    settings = settings_for(data_dir, database_url)
    if settings.public_url_is_given:
        return settings.public_url
    return DataDirectory(settings.data_dir).served_at() or settings.public_url


@contextmanager
def opened(
    data_dir: Path | None, database_url: str | None, *, require_sound_log: bool = True
) -> Iterator[StoreEngine]:
    """The installation for as long as the verb runs; may go on beside a running service."""
    with clear_errors():
        settings = settings_for(data_dir, database_url)
        engine = open_installation(
            settings, require_sound_log=require_sound_log, patience=PATIENCE_SECONDS
        )
        try:
            yield engine
        finally:
            engine.close()


def application_of(reader: Reader, application_id: str) -> Application:
    """The application with that id.

    :raises NotFound: naming the ids that exist.
    """
    application = reader.applications.get(application_id)
    if application is None:
        known = ", ".join(other.id for other in reader.applications.list()) or "none yet"
        raise NotFound(f"There is no application {application_id}. Known are: {known}.")
    return application
