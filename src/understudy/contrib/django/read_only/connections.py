"""Django's own connections, which look at each statement whether it may write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connections
from django.db.backends.signals import connection_created

from understudy.contrib.django.errors import WriteRefused
from understudy.contrib.django.read_only.keeping import Keeper
from understudy.contrib.django.read_only.mysql import MySQLKeeper
from understudy.contrib.django.read_only.postgresql import PostgreSQLKeeper
from understudy.contrib.django.read_only.sqlite import SQLiteKeeper
from understudy.errors import SetupError
from understudy.sdk.context import Present
from understudy.sdk.held_reads import reading_only, refuse_write

_KEEPERS: dict[str, Callable[[], Keeper]] = {
    "mysql": MySQLKeeper,
    "postgresql": PostgreSQLKeeper,
    "sqlite": SQLiteKeeper,
}
"""By what Django calls the kind of a database."""
_UID = "understudy.contrib.django.read_only"
_held: set[str] = set()


def hold_databases(aliases: Iterable[str]) -> None:
    """Hold the connections of these aliases, and of no others, in sessions that may only read.

    :raises SetupError: there is no such alias, or nobody knows how its database is held.
    """
    wanted = set(aliases)
    for alias in sorted(wanted):
        _must_be_known(alias)
    _held.clear()
    _held.update(wanted)
    if wanted:
        connection_created.connect(_take, dispatch_uid=_UID)
        for wrapper in connections.all(initialized_only=True):
            if wrapper.connection is not None:
                _take(connection=wrapper)


def let_go() -> None:
    """Let go of what this thread has held, at the end of a request."""
    for wrapper in connections.all(initialized_only=True):
        if isinstance(wrapper, HeldConnection):
            wrapper.let_go()


class HeldConnection:
    """Stands before a class of Django's, from the moment that its connection is open.

    It goes by the present request at each cursor, statement and transaction: whoever it was that
    the connection served before, the next one gets what is theirs.
    """

    _understudy_keeper: Keeper
    _understudy_open: object = None
    """The driver's connection, once Django has set it up."""
    _understudy_holds: Present | None = None
    """The request for which it is held to reading."""
    _understudy_was_lost = False
    """Whether a block around the request was to be rolled back anyway."""
    _understudy_is_busy = False
    """Whether Django, or this, is about to do something with it that holds it as well."""
    needs_rollback: bool

    def let_go(self) -> None:
        """Let whoever comes next write, if they may."""
        if self._understudy_holds is not None:
            self._understudy_holds = None
            if self.connection is self._understudy_open:  # type: ignore[attr-defined]  # Django's
                self._understudy_keeper.let_go(self)
            if self.in_atomic_block:  # type: ignore[attr-defined]
                # A block around the request, which is none the worse: nothing was written in it.
                self.needs_rollback = self._understudy_was_lost

    def take(self) -> None:
        """A connection was opened."""
        self._understudy_open = self.connection  # type: ignore[attr-defined]
        self._understudy_keeper = _KEEPERS[self.vendor]()  # type: ignore[attr-defined]
        self._understudy_holds = None
        watching = self.execute_wrappers  # type: ignore[attr-defined]
        # The outermost, and not the last: whoever puts theirs there takes the last one away.
        if self._understudy_watch not in watching:
            watching.insert(0, self._understudy_watch)

    def ensure_connection(self) -> None:
        """Open it, and hold it: what comes next may go by the driver, past all that is ours."""
        super().ensure_connection()  # type: ignore[misc]  # of Django's, as all below
        if not self._understudy_is_busy and self._is_ready():
            self._settle()

    def set_autocommit(self, *args: object, **kwargs: object) -> None:
        """Begin or end a transaction, which asks for the connection first."""
        with self._busy():
            super().set_autocommit(*args, **kwargs)  # type: ignore[misc]

    @contextmanager
    def _busy(self) -> Iterator[None]:
        was, self._understudy_is_busy = self._understudy_is_busy, True
        try:
            yield
        finally:
            self._understudy_is_busy = was

    def _cursor(self, name: str | None = None) -> object:
        self._settle()
        return super()._cursor(name)  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        if self._is_ready():
            present = self._reading()
            if self._understudy_holds not in (None, present):
                self.let_go()
                self.ensure_connection()
            if present is not None and not autocommit:
                self._take_for(present)
                self._understudy_keeper.before_transaction(self)
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _close(self) -> object:
        self.let_go()
        return super()._close()  # type: ignore[misc]

    def _reading(self) -> Present | None:
        return reading_only() if self.alias in _held else None  # type: ignore[attr-defined]

    def _settle(self) -> None:
        with self._busy():
            self._settled()

    def _settled(self) -> None:
        present = self._reading()
        if self._understudy_holds is not present:
            self.let_go()
        if present is None:
            return
        self.ensure_connection()
        if self._is_ready():
            self._take_for(present)
            if not self._understudy_keeper.can_hold(self):
                refuse_write(present, None)
                raise WriteRefused
            self._understudy_keeper.hold(self)

    def _is_ready(self) -> bool:
        # While Django sets a new one up, it is nobody's yet.
        raw = self.connection  # type: ignore[attr-defined]
        return raw is not None and raw is self._understudy_open

    def _take_for(self, present: Present) -> None:
        if self._understudy_holds is None:
            self._understudy_holds, self._understudy_was_lost = present, self.needs_rollback

    def _understudy_watch(
        self,
        execute: Callable[..., object],
        sql: object,
        params: object,
        many: bool,
        context: object,
    ) -> object:
        # A cursor may be older than the transaction, or than the request.
        self._settle()
        present = self._reading()
        if present is not None and self._understudy_keeper.escapes(sql):
            refuse_write(present, None)
            raise WriteRefused
        try:
            return execute(sql, params, many, context)
        except DatabaseError as error:
            if present is None or not is_refusal(error):
                raise
            table = self._understudy_keeper.table_of(self, sql)
            refuse_write(present, table)
            # Not the database's own: a site that gets over those would go on and mail, or charge.
            raise WriteRefused from error


def is_refusal(error: BaseException | None) -> bool:
    """Whether ``error``, or what has caused it, says that something was not written."""
    while error is not None:
        if any(make().is_refusal(error) for make in _KEEPERS.values()):
            return True
        error = error.__cause__
    return False


def _take(*, connection: Any, **_: object) -> None:  # noqa: ANN401
    if connection.alias in _held:
        if not isinstance(connection, HeldConnection):
            connection.__class__ = held_class(connection.__class__)
        connection.take()
        connection.ensure_connection()


@lru_cache(maxsize=16)
def held_class(kind: type[Any]) -> type[Any]:
    """The class of connections of ``kind`` that are held; made once."""
    return type(kind.__name__, (HeldConnection, kind), {})


def _must_be_known(alias: str) -> None:
    if alias not in connections:
        raise SetupError(f"READ_ONLY_DATABASES names {alias!r}, which is not in DATABASES.")
    vendor = connections[alias].vendor
    if vendor not in _KEEPERS:
        known = ", ".join(sorted(_KEEPERS))
        raise SetupError(
            f"Nobody knows how to hold {alias!r}, a database of {vendor}, to reading; only {known}."
        )
