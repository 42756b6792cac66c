"""A PostgreSQL server of one's own, as the tests have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.fixtures.postgresql import PostgresServer


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a new database on a server that runs while the block does."""
    with PostgresServer() as server, server.database() as url:
        yield url


@contextmanager
def postgresql_server() -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """What makes a new database and gives its address, while the block and the server run."""
    with PostgresServer() as server:
        yield server.database
