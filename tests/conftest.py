"""Fixtures for every tier: databases, browsers, a proxy. Nothing here reaches beyond loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.chromium import find_chromium
from scripts.firefox import find_firefox
from scripts.mariadb import find_mariadb
from scripts.nginx import find_nginx
from tests.fixtures.losses import Losses, LossyFile
from tests.fixtures.lossy_proxy import LossyProxy
from tests.fixtures.mariadb import MariaDB, mariadb
from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.schema import made_file
from understudy.sdk.at_work import AT_WORK
from understudy.storage.database.databases import open_database

# A busy machine is no bug: examples are limited by number, never by time.
settings.register_profile("understudy", deadline=None)
settings.load_profile("understudy")


@pytest.fixture(autouse=True)
def nobody_at_work() -> None:
    """Sessions of other tests are over in this process, also where nobody has closed their app."""
    for place in list(AT_WORK._places):
        AT_WORK.leaves(place)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for each test process, up in about a second."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Address of an empty PostgreSQL database that no other test sees."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'understudy.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a PostgreSQL database that has our schema and nothing else, to be copied."""
    with postgres_server.database() as url:
        with closing(open_database(url)) as database:
            database.migrate()
        yield url.rpartition("/")[2]


@pytest.fixture
def made_postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """Address of a PostgreSQL database that has our schema, and that no other test sees."""
    with postgres_server.database(postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def made_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database that has our schema, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return made_file(tmp_path / "understudy.db")
    url: str = request.getfixturevalue("made_postgres_url")
    return url


@pytest.fixture
def losses(database_url: str) -> Iterator[Losses]:
    """An empty database whose answers to COMMIT can get lost, once on each of the two."""
    of_kind = LossyFile if database_url.startswith("sqlite") else LossyProxy
    with of_kind(database_url).opened() as found:
        yield found


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The Chromium that drives the browser tests."""
    found = find_chromium()
    assert found is not None, "no Chromium found: `make test` installs one"
    return found


@pytest.fixture(scope="session")
def firefox_path() -> Path:
    """The Firefox that drives some of the browser tests."""
    found = find_firefox()
    assert found is not None, "no Firefox found: `make test` installs one on Debian"
    return found


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDB]:
    """A MariaDB of the tests' own."""
    found = find_mariadb()
    assert found is not None, "no MariaDB found: `make test` installs one on Debian"
    with mariadb(found) as server:
        yield server


@pytest.fixture(scope="session")
def nginx_path() -> Path:
    """The nginx that keeps pages in front of an app."""
    found = find_nginx()
    assert found is not None, "no nginx found: `make test` installs one on Debian"
    return found
