"""SQLAlchemy: sessions of scope ``read_only`` are held to reading by the database.

::

    engine = create_engine("postgresql+psycopg://…")
    hold_read_only(engine)              # or an AsyncEngine

For PostgreSQL, MariaDB, MySQL and SQLite. Each transaction decides for itself, at its begin, and a
connection that was held goes on to nobody. On PostgreSQL connections in AUTOCOMMIT are refused in
such a session: they have no transaction that could be held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event

from understudy.contrib.sqlalchemy.holding import HOLDERS
from understudy.errors import SetupError
from understudy.sdk.context import Present
from understudy.sdk.held_reads import reading_only, refuse_write

if TYPE_CHECKING:
    # It needs greenlet, which sync apps need not have.
    from sqlalchemy.ext.asyncio import AsyncEngine

_FOR = "understudy_held_for"
"""In what a pool keeps of a connection: the request for which it is held."""


def hold_read_only(engine: Engine | AsyncEngine) -> None:
    """Hold every transaction of ``engine`` to reading where its session may only read.

    :raises SetupError: nobody knows how its database is held.
    """
    # An async one has its events at the engine within.
    inner: Any = getattr(engine, "sync_engine", None) or engine
    name = inner.dialect.name
    if name not in HOLDERS:
        known = ", ".join(sorted(HOLDERS))
        raise SetupError(f"Nobody knows how to hold a database of {name} to reading; only {known}.")
    holds = _Holds(name)
    event.listen(inner, "checkout", holds.hand_out)
    event.listen(inner, "begin", holds.begin)
    event.listen(inner, "before_cursor_execute", holds.execute)
    event.listen(inner, "handle_error", holds.refuse)
    event.listen(inner, "checkin", holds.give_back)


class _Holds:
    """What is done at each event of an engine."""

    def __init__(self, name: str) -> None:
        self._holder = HOLDERS[name]()

    def hand_out(self, raw: object, record: Any, _: object) -> None:  # noqa: ANN401  (a pool's own)
        # Whoever takes it goes by the driver perhaps, past every event but this one.
        present = reading_only()
        if present is not None:
            record.info[_FOR] = present
            self._holder.hand_out(raw, record)

    def begin(self, connection: Connection) -> None:
        present = reading_only()
        if present is not None:
            self._hold(connection, present)
        elif connection.info.get(_FOR) is not None:
            # It stays known that it was held, until the pool has it back.
            connection.info[_FOR] = None
            self._holder.let_go(connection)

    def execute(self, connection: Connection, cursor: object, statement: str, *_: object) -> None:
        present = reading_only()
        if present is None:
            return
        # Also what goes on in a transaction that somebody else has begun.
        is_held = connection.info.get(_FOR) is present
        if not is_held:
            if not self._holder.can_hold_within(connection):
                raise refuse_write(present, None)
            self._hold(connection, present)
        if self._holder.escapes(statement):
            raise refuse_write(present, None)

    def refuse(self, context: Any) -> None:  # noqa: ANN401  (of many shapes)
        present = reading_only()
        if present is not None and self._is_refusal(context.original_exception):
            table = self._holder.table_of(context.connection, context.statement)
            # Not the database's own: an app that gets over those would go on and mail, or charge.
            raise refuse_write(present, table) from context.original_exception

    def give_back(self, raw: object, record: Any) -> None:  # noqa: ANN401  (a pool's own)
        if _FOR in record.info and raw is not None:
            del record.info[_FOR]
            self._holder.give_back(raw, record)

    def _hold(self, connection: Connection, present: Present) -> None:
        # First, as what holds it is a statement as well.
        connection.info[_FOR] = present
        if not self._holder.can_hold(connection):
            raise refuse_write(present, None)
        self._holder.hold(connection)

    def _is_refusal(self, error: BaseException | None) -> bool:
        while error is not None:
            if self._holder.is_refusal(error):
                return True
            error = error.__cause__
        return False
