"""Migrated databases, on SQLite and on PostgreSQL: one suite for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.fixtures.postgresql import PostgresServer
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database


@pytest.fixture
def database(made_url: str) -> Iterator[Database]:
    """An empty database with our schema."""
    with closing(open_database(made_url)) as opened:
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of one database for all tests of a module."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('shared') / 'understudy.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url


@pytest.fixture(scope="module")
def shared_database(shared_url: str) -> Iterator[Database]:
    """That database with our schema; tests undo what they do in it."""
    with closing(open_database(shared_url)) as opened:
        opened.migrate()
        yield opened
