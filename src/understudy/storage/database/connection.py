"""What the repositories and the writer need of a database, and nothing more.

Queries are named and written in ``queries/*.sql``, once for both databases: portable SQL with
``:name`` parameters. Values are str, int, bytes or None; times are milliseconds since 1970 in UTC,
booleans 0 or 1, lists and maps canonical JSON text. A tuple of str fills an ``IN (:name)``, and a
query's optional lines follow what is None (see ``statements``). ``all``, ``one`` and
``stream`` answer rows, ``run`` the number of rows it changed, ``run_many`` is one statement for
many rows of parameters, in the order in which its text names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from understudy import errors
from understudy.errors import Unavailable
from understudy.storage.database.answers import Answers
from understudy.storage.database.state import SchemaState, Tell
from understudy.storage.vault import InstallationVault

V = TypeVar("V")

Value = str | int | bytes | None
Params = Mapping[str, Value | tuple[str, ...]]
Row = Mapping[str, Value]

Keep = Callable[[], bool]
"""Asked at the end of a write transaction: whether the next one is to follow at once."""


Hear = Callable[[str], None]
"""Takes what another node has told; on the thread of the watch."""


def hear_nothing(text: str) -> None:
    """Whoever only waits for commits."""


def let_go() -> bool:
    """No other transaction is to follow."""
    return False


class RanAhead(Unavailable):
    """What a transaction that ran ahead stood on, or hoped for, was not so: nothing of it holds."""


NOT_STORABLE = "This text holds characters that cannot be stored."
"""What callers are told of NUL and of lone surrogates, whatever the database."""


def must_change(count: int) -> None:
    """Refuse a statement that met no row.

    :raises errors.NotFound: when ``count`` is 0.
    """
    if count == 0:
        raise errors.NotFound(internal="saved what was never added")


class Dialect(StrEnum):
    """Which database it is; only drivers and migrations ever ask."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Connection(Protocol):
    """A snapshot to read from, or the exclusive transaction."""

    def all(self, query: str, params: Params = ...) -> Sequence[Row]: ...
    def one(self, query: str, params: Params = ...) -> Row | None: ...
    def stream(self, query: str, params: Params = ...) -> Iterator[Row]: ...

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of a query; not asked again while that is remembered."""
        ...

    def answers(self, query: str) -> Answers:
        """What it remembers of a query: a snapshot nothing, the transaction what it has seen."""
        ...


class Transaction(Connection, Protocol):
    """The one exclusive write transaction of the installation."""

    def run(self, query: str, params: Params = ...) -> int: ...
    def change(self, query: str, params: Params = ...) -> None:
        """Run a statement that must change a row: one that is added, or one that is there.

        Within a savepoint it may fail as late as when that is left, as nobody waits for it.

        :raises errors.NotFound: when it met no row.
        """
        ...

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None: ...
    def run_last(self, query: str, params: Params = ...) -> None:
        """Run a statement whose answer nobody needs, at no cost in time but its own."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo what happened inside when the block raises; the transaction goes on."""
        ...

    def scrub(self) -> None:
        """Ask that what this transaction deletes also leaves the disk once it has committed.

        SQLite truncates its write-ahead log; PostgreSQL leaves it to its vacuum.
        """
        ...

    @property
    def alive(self) -> bool:
        """False once the database itself gave the transaction up (SQLITE_FULL does)."""
        ...

    @property
    def changes(self) -> bool:
        """Whether it has run a statement that changes something."""
        ...

    @property
    def in_doubt(self) -> bool:
        """Whether it was sent to be committed, and no answer has said that it was not.

        Of one that changes nothing there is no doubt: it leaves the same either way.
        """
        ...


class Watch(Protocol):
    """Notices commits of this and other processes."""

    def wait(self, timeout: float) -> bool:
        """True as soon as something may have been committed; False after ``timeout`` seconds."""
        ...

    def close(self) -> None: ...


class Database(Protocol):
    """A database with our schema. Driver errors come out as ``errors.Unavailable`` and its kin."""

    dialect: Dialect

    def reading(self, *, wait: bool = True) -> AbstractContextManager[Connection]:
        """A consistent snapshot, taken at the first look.

        :raises errors.StorageBusy: when no connection is free; without ``wait`` at once.
        """
        ...

    def writing(
        self, keep: Keep = ..., *, ahead: bool = ...
    ) -> AbstractContextManager[Transaction]:
        """Wait for the writer's lock (``BEGIN IMMEDIATE``, or one advisory lock), commit at exit.

        Leaving with an exception rolls back. Leaving without one answers only once it is durable.
        The lock may be kept for the next transaction if ``keep`` says so, yet not for long: who
        asks for that either begins the next one at once, or ends the turn.

        With ``ahead``, what happens in a savepoint may fail after that was left (PostgreSQL), and
        what is to be undone may not be undone alone (SQLite). Either takes the whole transaction
        along: it answers `RanAhead`, and whoever asked for that does all again without. Nobody may
        be told anything before the transaction has ended.
        """
        ...

    def end_turn(self) -> None:
        """Let go of the lock if it was kept."""
        ...

    def watch(self, hear: Hear = ...) -> Watch: ...
    def tell(self, text: str) -> None:
        """Have the watches of other nodes hear ``text``, whoever holds the writer's lock.

        Nothing on SQLite: whoever shares the file shares the data directory.

        :raises errors.Unavailable: when it cannot be told.
        """
        ...

    def now(self) -> datetime | None:
        """What the database's own clock says; None where it goes by this machine's.

        :raises errors.Unavailable: when it cannot be asked.
        """
        ...

    def migrate(self, tell: Tell = ..., *, vault: InstallationVault | None = ...) -> None:
        """Bring the schema up to date; by default what is done is logged.

        :raises errors.SetupError: when rows of an installation need its key, and ``vault`` is None.
        :raises errors.KeyMismatch: when the database belongs to another key.
        """
        ...

    def schema(self) -> SchemaState:
        """What the schema is; nothing is made or changed."""
        ...

    def close(self) -> None: ...
