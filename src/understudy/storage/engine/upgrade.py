"""Bring a database up to date, and never seal one anew that was sealed before."""

from __future__ import annotations

from contextlib import suppress

from understudy.errors import SetupError, Unavailable
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database
from understudy.storage.database.schema import log_it
from understudy.storage.database.state import SchemaState, Tell
from understudy.storage.vault import InstallationVault

_SEALING = "seals"
"""The migration that takes every row for ours and seals it."""


def upgrade(
    database: Database,
    data_directory: DataDirectory,
    vault: InstallationVault | None,
    tell: Tell = log_it,
) -> None:
    """Migrate. What this node has known with codes on its rows is not given new ones.

    Otherwise whoever can write to the database would change a row, and make the note of that
    migration forgotten: the next start would seal what they wrote.

    :raises SetupError: when the database says by now that it never had any.
    """
    if data_directory.has_seen_seals():
        # Not made yet, or away: what comes next says so.
        with suppress(Unavailable):
            _require_sealed(database.schema())
    database.migrate(tell, vault=vault)
    data_directory.note_seals()


def _require_sealed(state: SchemaState) -> None:
    if state.steps and any(state.known[number] == _SEALING for number in state.due):
        raise SetupError(
            "This node knows the database with codes on its rows, and now it is said to have none: "
            "somebody has set it back, or changed it. Restore a backup that is as new as the data "
            "directory, or start with a new data directory if you trust every row."
        )
