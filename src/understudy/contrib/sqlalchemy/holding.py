"""What each kind of database needs in order to be held to reading, by SQLAlchemy's name for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlalchemy import Connection

from understudy.sdk import sqlite_reading
from understudy.sdk.held_reads import asks_to_write, ends_transaction, table_in

_AUTHORIZER = "understudy_authorizer"
"""In what a pool keeps of a connection of SQLite's."""


_READ_ONLY = "SET SESSION TRANSACTION READ ONLY"
_HELD_BY_DEFAULT = "SET default_transaction_read_only = on"
_AS_BEFORE = "RESET default_transaction_read_only"


class Holder(Protocol):
    """Holds a connection of SQLAlchemy's to reading."""

    def can_hold(self, connection: Connection) -> bool:
        """Whether it has a transaction that can be held."""

    def can_hold_within(self, connection: Connection) -> bool:
        """Whether it can be held in the midst of what somebody else has begun."""

    def hold(self, connection: Connection) -> None:
        """From here on nothing is written in this transaction."""

    def let_go(self, connection: Connection) -> None:
        """The next transaction, of somebody else's on the same connection, may write."""

    def hand_out(self, raw: Any, record: Any) -> None:  # noqa: ANN401  (a driver's, a pool's)
        """From here on nothing is written on the driver's own connection."""

    def give_back(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """The connection goes back to its pool, and meets nobody as it is."""

    def escapes(self, statement: str) -> bool:
        """Whether ``statement`` would undo what holds the connection, or go past it."""

    def is_refusal(self, error: BaseException) -> bool:
        """Whether a driver's ``error`` says that something was not written for this reason."""

    def table_of(self, connection: Connection | None, statement: object) -> str | None:
        """What was not written, where that is known."""


class _Discarding:
    """Databases of servers: what a request has set, or locked, must not meet the next customer."""

    def can_hold(self, connection: Connection) -> bool:
        """See ``Holder.can_hold``."""
        return True

    def can_hold_within(self, connection: Connection) -> bool:
        """See ``Holder.can_hold_within``."""
        return True

    def let_go(self, connection: Connection) -> None:
        """See ``Holder.let_go``; what ends with its transaction needs nothing."""

    def give_back(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """See ``Holder.give_back``."""
        record.invalidate()

    def table_of(self, connection: Connection | None, statement: object) -> str | None:
        """See ``Holder.table_of``."""
        return table_in(statement)


class PostgreSQL(_Discarding):
    """By its transactions, which the first query of theirs makes final."""

    def can_hold(self, connection: Connection) -> bool:
        """Not in AUTOCOMMIT, where it would last for nothing but itself."""
        return getattr(connection.connection.dbapi_connection, "autocommit", False) is not True

    def hold(self, connection: Connection) -> None:
        """See ``Holder.hold``."""
        connection.exec_driver_sql("SELECT set_config('transaction_read_only', 'on', true)")

    def let_go(self, connection: Connection) -> None:
        """See ``Holder.let_go``."""
        _read_only(connection.connection.dbapi_connection, None)

    def hand_out(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """See ``Holder.hand_out``: the driver says so at each begin, until it is given back."""
        _read_only(raw, True)

    def escapes(self, statement: str) -> bool:
        """See ``Holder.escapes``."""
        return ends_transaction(statement)

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Holder.is_refusal``: read-only, or asked for what no transaction may hold."""
        code = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        return code in ("25006", "25001")


class MySQL(_Discarding):
    """By its session: a transaction alone lets TRUNCATE through, and with it whatever follows."""

    def can_hold_within(self, connection: Connection) -> bool:
        """Not in a transaction, as the session's word holds from the next one on."""
        return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"

    def hold(self, connection: Connection) -> None:
        """See ``Holder.hold``."""
        connection.exec_driver_sql(_READ_ONLY)

    def hand_out(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """See ``Holder.hand_out``."""
        _run(raw, _READ_ONLY)

    def let_go(self, connection: Connection) -> None:
        """See ``Holder.let_go``: back to what the server begins with."""
        is_mariadb = getattr(connection.dialect, "is_mariadb", False)
        name = "tx_read_only" if is_mariadb else "transaction_read_only"
        connection.exec_driver_sql(f"SET SESSION {name} = DEFAULT")

    def escapes(self, statement: str) -> bool:
        """See ``Holder.escapes``."""
        return asks_to_write(statement)

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Holder.is_refusal``."""
        return error.args[:1] == (1792,)


class SQLite:
    """By an authorizer and ``query_only``, which last until the connection is let go of."""

    def can_hold(self, connection: Connection) -> bool:
        """Always, as nothing of it belongs to a transaction."""
        return True

    def can_hold_within(self, connection: Connection) -> bool:
        """See ``Holder.can_hold_within``."""
        return True

    def hold(self, connection: Connection) -> None:
        """See ``Holder.hold``."""
        self.hand_out(connection.connection.dbapi_connection, connection)

    def hand_out(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """See ``Holder.hand_out``."""
        if _AUTHORIZER not in record.info:
            judge = record.info[_AUTHORIZER] = sqlite_reading.Authorizer()
            # The pragma first: from then on none is allowed.
            _run(raw, "PRAGMA query_only = ON")
            _authorize(raw, judge)

    def let_go(self, connection: Connection) -> None:
        """See ``Holder.let_go``."""
        if connection.info.pop(_AUTHORIZER, None) is not None:
            _release(connection.connection.dbapi_connection)

    def give_back(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """See ``Holder.give_back``. It is kept: one in memory has nothing but this connection."""
        if record.info.pop(_AUTHORIZER, None) is not None:
            _release(raw)

    def escapes(self, statement: str) -> bool:
        """See ``Holder.escapes``; the authorizer knows them all."""
        return False

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Holder.is_refusal``."""
        return sqlite_reading.is_refusal(error)

    def table_of(self, connection: Connection | None, statement: object) -> str | None:
        """See ``Holder.table_of``."""
        judge = connection.info.get(_AUTHORIZER) if connection is not None else None
        return (judge.refused if judge is not None else None) or table_in(statement)


HOLDERS: Mapping[str, Callable[[], Holder]] = {
    "mariadb": MySQL,
    "mysql": MySQL,
    "postgresql": PostgreSQL,
    "sqlite": SQLite,
}


def _read_only(raw: Any, value: bool | None) -> None:  # noqa: ANN401
    """By psycopg's word for it, or SQLAlchemy's for asyncpg; None is what a server begins with."""
    if hasattr(raw, "set_read_only"):
        raw.set_read_only(value)
    elif hasattr(raw, "readonly"):
        raw.readonly = bool(value)
        # What goes by asyncpg itself passes SQLAlchemy's transactions, and has its own.
        statement = _HELD_BY_DEFAULT if value else _AS_BEFORE
        raw.run_async(lambda driver: driver.execute(statement))


def _release(raw: Any) -> None:  # noqa: ANN401
    _authorize(raw, None)
    _run(raw, "PRAGMA query_only = OFF")


def _authorize(raw: Any, judge: sqlite_reading.Authorizer | None) -> None:  # noqa: ANN401
    # Of a connection that is served by a thread of its own SQLAlchemy shows the outside.
    if hasattr(raw, "run_async"):
        raw.run_async(lambda inner: inner.set_authorizer(judge))
    else:
        raw.set_authorizer(judge)


def _run(raw: Any, statement: str) -> None:  # noqa: ANN401
    cursor = raw.cursor()
    cursor.execute(statement)
    cursor.close()
