"""The shop's database, of each kind, by one connection that everybody gets in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.fixtures.mariadb import HOST, MariaDB
from tests.fixtures.postgresql import PostgresServer
from tests.integration.contrib.sqlalchemy.items import Base
from understudy.contrib.sqlalchemy.read_only import hold_read_only


def sqlite(request: pytest.FixtureRequest) -> Iterator[str]:
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("shop")
    yield f"sqlite:///{folder / 'shop.db'}"


def postgresql(request: pytest.FixtureRequest) -> Iterator[str]:
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url.replace("postgresql://", "postgresql+psycopg://")


def mariadb(request: pytest.FixtureRequest) -> Iterator[str]:
    server: MariaDB = request.getfixturevalue("mariadb_server")
    account = f"{server.user}:{server.password}@{HOST}:{server.port}"
    yield f"mysql+pymysql://{account}/{server.database}"


KINDS = {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mariadb}


@pytest.fixture(scope="module", params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One connection, which everybody gets in turn."""
    for url in KINDS[request.param](request):
        engine = create_engine(url, pool_size=1, max_overflow=0)
        hold_read_only(engine)
        Base.metadata.create_all(engine)
        if url.startswith("mysql"):
            with engine.begin() as connection:
                connection.execute(text("CREATE OR REPLACE SEQUENCE numbers"))
        yield engine
        Base.metadata.drop_all(engine)
        engine.dispose()


@pytest.fixture
def shop(kind: Engine) -> Engine:
    """One item."""
    with kind.begin() as connection:
        connection.execute(text("DELETE FROM items"))
        connection.execute(text("INSERT INTO items (name) VALUES ('apple')"))
    return kind
