"""The PostgreSQL server: how connections to it are made, and what its errors mean."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import conninfo, sql
from psycopg.types.numeric import Int8Dumper

from understudy import errors
from understudy.storage.database.connection import NOT_STORABLE

SCHEMA = "understudy"
"""Where all tables are unless somebody says otherwise, beside whatever else the database holds."""
OLDEST_SERVER = 140_000

RawConnection = psycopg.Connection[tuple[Any, ...]]

# What a network that went silent may cost before the caller hears of it.
_CONNECT: dict[str, str | int] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "understudy",
    "client_encoding": "UTF8",
}

_SESSION = """
SET lock_timeout TO '10s';
SET statement_timeout TO '30s';
SET synchronous_commit TO 'on';
"""

_ERRORS: dict[str, type[errors.UnderstudyError]] = {
    "23505": errors.AlreadyExists,  # unique_violation
    "40001": errors.StorageBusy,  # serialization_failure
    "40P01": errors.StorageBusy,  # deadlock_detected
    "55P03": errors.StorageBusy,  # lock_not_available
    "57014": errors.StorageBusy,  # query_canceled, by statement_timeout
    "53100": errors.StorageFull,  # disk_full
}
"""By SQLSTATE (PostgreSQL, appendix A); all others are ``Unavailable``."""


def translate(error: psycopg.Error | UnicodeEncodeError) -> errors.UnderstudyError:
    """What a driver's error means to callers; ``internal`` says what it was."""
    state = getattr(error, "sqlstate", None)
    refused_here = isinstance(error, psycopg.DataError) and state is None
    if refused_here or isinstance(error, UnicodeEncodeError):
        return errors.InvalidInput(NOT_STORABLE)
    kind = _ERRORS.get(state or "", errors.Unavailable)
    return kind(internal=f"{state or type(error).__name__}: {error}")


class PostgresqlServer:
    """One schema of a database, by its address, which may hold a password and is never shown."""

    def __init__(self, url: str, *, schema: str = SCHEMA) -> None:
        self.schema = schema
        self._session = sql.SQL("SET search_path TO {};").format(sql.Identifier(schema))
        try:
            self._conninfo = conninfo.make_conninfo(url, **_CONNECT)
        except psycopg.Error:
            # The driver's message may repeat the address, hence no "from".
            raise errors.SetupError("The PostgreSQL address cannot be read.") from None

    def connect(self) -> RawConnection:
        """A new connection of our kind, outside of any transaction.

        :raises errors.Unavailable: when the server is away or refuses us.
        """
        try:
            raw = psycopg.connect(self._conninfo, autocommit=True)
        except psycopg.Error as error:
            raise translate(error) from error
        # One type for all integers: else each statement is prepared once for every width.
        raw.adapters.register_dumper(int, Int8Dumper)
        try:
            raw.execute(self._session)
            raw.execute(_SESSION)
        except psycopg.Error as error:
            raw.close()
            raise translate(error) from error
        return raw


def require_features(raw: RawConnection) -> None:
    """Refuse a server that cannot run our SQL, or a database that cannot hold every text.

    :raises errors.SetupError: saying which.
    """
    if raw.info.server_version < OLDEST_SERVER:
        raise errors.SetupError("PostgreSQL must be version 14 or newer.")
    if raw.info.parameter_status("server_encoding") != "UTF8":
        raise errors.SetupError("The PostgreSQL database must have the encoding UTF8.")


def make_schema(raw: RawConnection, schema: str) -> None:
    """Make our ``schema`` unless it is there.

    :raises errors.SetupError: when we may not.
    """
    # Not "IF NOT EXISTS": that asks for the right to make schemas even when ours is there.
    known = raw.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone()
    if known is not None:
        return
    try:
        raw.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise errors.SetupError(
            f"The PostgreSQL role may not make the schema {schema}. Let an administrator make it, "
            "owned by this role.",
            internal=translate(error).internal,
        ) from error
