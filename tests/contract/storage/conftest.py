"""Migrated databases, on SQLite and on PostgreSQL: one suite for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.fixtures.postgresql import PostgresServer
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with our schema."""
    opened = open_database(database_url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One database for all tests of a module, which undo what they do in it."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'understudy.db'}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database())
        opened = stack.enter_context(closing(open_database(url)))
        opened.migrate()
        yield opened
