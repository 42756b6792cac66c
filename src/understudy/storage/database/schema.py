"""How a database gets to the schema of this code, while nodes of it and of the release before work.

The short half of a migration is one transaction under the writers' lock. The long half runs
outside of it: indexes are built beside the writers (PostgreSQL), back-fills go slice by slice.
Each part is noted once done, and can be repeated when it was cut off. Of the nodes that start at
once one does the work; the others of its release wait, and older ones need not.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Protocol, TypeVar

from understudy import errors
from understudy.storage.database import history
from understudy.storage.database.migrations import Fill, Index, Migration, Port
from understudy.storage.database.state import Doing, SchemaState, Tell

T = TypeVar("T")

RETRY_SECONDS = 0.1
"""How long the lock and the tables are left to others after somebody was in the way."""
LEAST_PAUSE_SECONDS = 0.02
"""Between slices, in which writers have their turn."""

_logger = logging.getLogger(__name__)


class Site(Protocol):
    """What a database offers to those who change its schema, on one connection."""

    attempts: int
    """How often something is tried while somebody is in its way."""

    def reading(self) -> AbstractContextManager[Port]:
        """A snapshot; waits for nobody."""
        ...

    def locked(self) -> AbstractContextManager[Port]:
        """A transaction under the writers' lock, in which a statement may take its time.

        :raises errors.StorageBusy: when somebody is in the way.
        """
        ...

    def alone(self, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Wait, however long, until no other node is at work on the schema."""
        ...

    def build(self, index: Index) -> None:
        """Make or drop an index, as far as possible beside the writers. May be repeated.

        Nothing where it is for another database.
        """
        ...


def log_it(doing: Doing) -> None:
    """Log what begins."""
    if not doing.rows:
        _logger.info(
            "schema %s: %s", doing.migration, doing.what, extra={"action": "migrate_schema"}
        )


def migrate(site: Site, migrations: Sequence[Migration], tell: Tell = log_it) -> None:
    """Run what is missing, and finish what was cut off.

    :raises errors.SchemaMismatch: when the database has a migration that does not admit this code.
    """
    state = _state(site, migrations)
    if not state.steps:
        state = _make(site, migrations, tell)
    if not state.due:
        return
    with site.alone(lambda: tell(Doing(migration="", what="another node is at work, waiting"))):
        due = _state(site, migrations).due
        for migration in migrations:
            if migration.number in due:
                _run(site, migration, tell)


def make(port: Port, migrations: Sequence[Migration]) -> None:
    """Run every migration on an empty database, in the transaction of ``port``."""
    history.make_tables(port)
    for migration in migrations:
        migration.expand(port)
        for part in migration.online:
            if isinstance(part, Index):
                if part.is_for(port.dialect):
                    port.execute(part.statement(concurrently=False))
            else:
                while part.slice(port):
                    pass
        history.add(port, migration, finished=True)


def _state(site: Site, migrations: Sequence[Migration]) -> SchemaState:
    with site.reading() as port:
        state = history.state_of(port, migrations)
    state.require_ours()
    return state


def _make(site: Site, migrations: Sequence[Migration], tell: Tell) -> SchemaState:
    """Nobody has anything in an empty database yet: all of it is one transaction."""

    def unless_made(port: Port) -> None:
        if not history.steps_of(port):
            make(port, migrations)

    _in_turn(site, unless_made, "", tell)
    return _state(site, migrations)


def _run(site: Site, migration: Migration, tell: Tell) -> None:
    name = str(migration)
    tell(Doing(migration=name, what="changing tables"))
    _in_turn(site, lambda port: _expand(port, migration), name, tell)
    for part in migration.online:
        tell(Doing(migration=name, what=str(part)))
        if isinstance(part, Index):
            _patiently(site, partial(site.build, part), name, tell)
        else:
            _fill(site, migration, part, tell)
    if migration.online:
        _in_turn(site, lambda port: history.finish(port, migration), name, tell)


def _expand(port: Port, migration: Migration) -> None:
    history.make_tables(port)
    if migration.number not in {step.number for step in history.steps_of(port)}:
        migration.expand(port)
        history.add(port, migration, finished=not migration.online)


def _fill(site: Site, migration: Migration, part: Fill, tell: Tell) -> None:
    def one_slice(port: Port) -> int:
        rows = part.slice(port)
        history.add_rows(port, migration, rows)
        return rows

    done, rows = 0, 1
    while rows:
        began = time.monotonic()
        rows = _in_turn(site, one_slice, str(migration), tell)
        done += rows
        tell(Doing(migration=str(migration), what=str(part), rows=done))
        # As long as the slice took: writers have half of the time.
        time.sleep(max(LEAST_PAUSE_SECONDS, time.monotonic() - began) if rows else 0)


def _in_turn(site: Site, work: Callable[[Port], T], name: str, tell: Tell) -> T:
    """Do ``work`` in a transaction under the writers' lock."""

    def locked() -> T:
        with site.locked() as port:
            return work(port)

    return _patiently(site, locked, name, tell)


def _patiently(site: Site, work: Callable[[], T], name: str, tell: Tell) -> T:
    """Do ``work``, again and again while somebody is in its way, who has a turn in between."""
    attempts_left = site.attempts
    while True:
        try:
            return work()
        except errors.StorageBusy:
            attempts_left -= 1
            if not attempts_left:
                raise
        tell(Doing(migration=name, what="in use, waiting"))
        time.sleep(RETRY_SECONDS)
