"""From the address of a database to the database."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from understudy import errors
from understudy.storage.database.connection import Database
from understudy.storage.database.sources import Sources
from understudy.storage.database.sqlite import BUSY_SECONDS, SqliteDatabase


def open_database(
    url: str,
    *,
    schema: str | None = None,
    sources: Sources | None = None,
    patience: float = BUSY_SECONDS,
) -> Database:
    """The database at ``sqlite:///relative``, ``sqlite:////absolute`` or ``postgresql://…``.

    Nothing is read or written yet. The address may hold a password and is never repeated.
    ``schema`` is PostgreSQL's, if it is not the usual one: a SQLite file is ours alone. ``sources``
    are given where somebody brings SQL beside ours. ``patience`` is for how many seconds to wait
    for other writers of a SQLite file; a server sets bounds of its own.

    :raises errors.SetupError: for other addresses, or when the driver is not installed.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        path = Path(unquote(rest[1:]))
        return SqliteDatabase(path, busy_seconds=patience, sources=sources)
    if scheme in ("postgresql", "postgres"):
        return _postgresql(url, schema, sources)
    raise errors.SetupError(
        "The database address must begin with postgresql:// or sqlite:/// and name a database."
    )


def _postgresql(url: str, schema: str | None, sources: Sources | None) -> Database:
    try:
        # The driver is an extra: SQLite needs nothing beyond Python.
        from understudy.storage.database.postgresql import PostgresqlDatabase
        from understudy.storage.database.postgresql_server import SCHEMA
    except ImportError as error:
        raise errors.SetupError(
            "PostgreSQL needs its driver. Run: pip install 'understudy[postgres]'"
        ) from error
    return PostgresqlDatabase(url, schema=schema or SCHEMA, sources=sources)
