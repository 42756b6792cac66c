"""``understudy migrate``: bring the database's schema up to date."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Self

from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from understudy.cli.installation import DatabaseUrl, DataDir, settings_for
from understudy.cli.output import Json, clear_errors, err, one_line, print_facts
from understudy.config import Settings
from understudy.storage.data_directory import KEY_FILE, DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.database.state import Doing
from understudy.storage.engine.upgrade import upgrade
from understudy.storage.vault import InstallationKey, InstallationVault


def migrate(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """Bring the database up to date. Safe to repeat; serve does it by itself."""
    with clear_errors():
        settings = settings_for(data_dir, database_url)
        data_directory = DataDirectory(settings.data_dir)
        vault = _vault(settings, data_directory)
        database = open_database(settings.store_url, schema=settings.database_schema)
        try:
            with _Screen() as screen:
                upgrade(database, data_directory, vault, screen.told)
            state = database.schema()
        finally:
            database.close()
    facts = {
        "database": database.dialect.value,
        "schema": "up to date",
        "number": state.number,
        "compatible_from": state.compatible_from,
        "next": f"Restart each node with this release. Until then nodes of schema "
        f"{state.compatible_from} and later go on; stop older ones.",
    }
    print_facts(facts, as_json=as_json)


def _vault(settings: Settings, data_directory: DataDirectory) -> InstallationVault | None:
    """What the installation key opens; None where this node has none, and shall get none here."""
    given = settings.installation_key
    if given:
        return InstallationVault(InstallationKey.from_text(given), random=os.urandom)
    if not (data_directory.path / KEY_FILE).exists():
        return None
    return InstallationVault(data_directory.known_key(), random=os.urandom)


class _Screen:
    """What is being done, a line for each part, on standard error where a person looks on."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=err,
        )
        self._part = ("", "")
        self._line: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._progress.stop()

    def told(self, doing: Doing) -> None:
        """Open a line for a new part, or say how far the present one is."""
        self._progress.start()
        part = (doing.migration, doing.what)
        rows = f", {doing.rows:,} rows" if doing.rows else ""
        text = one_line(f"{doing.migration} {doing.what}{rows}".strip())
        if part != self._part or self._line is None:
            self._end()
            self._part, self._line = part, self._progress.add_task(text, total=1)
        self._progress.update(self._line, description=text)

    def _end(self) -> None:
        if self._line is not None:
            self._progress.update(self._line, completed=1)
