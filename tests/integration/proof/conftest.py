"""What the proof tests share: an installation, and randomness that a failure can be repeated with.

Every test here runs the product as its users do, and would fail without the rule it is named after.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.integration.proof.forge import Forge, forging
from tests.integration.proof.place import Place, settle
from tests.integration.proof.written_log import WrittenLog, written_log


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    """A small installation, once on SQLite and once on PostgreSQL."""
    return settle(database_url, tmp_path)


@pytest.fixture
def forge(database_url: str, tmp_path: Path) -> Iterator[Forge]:
    """Somebody who can write the database of a small installation, once for each kind."""
    with forging(database_url, tmp_path) as ready:
        yield ready


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random choices, the same ones each time this test runs; a failure shows the seed."""
    seed = zlib.crc32(request.node.name.encode())
    print(f"random seed: {seed}")
    return random.Random(seed)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def finished_log(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WrittenLog]:
    """A log of many entries, written once for each database."""
    folder = tmp_path_factory.mktemp("log")
    if request.param == "sqlite":
        with written_log(f"sqlite:///{folder / 'understudy.db'}", folder) as made:
            yield made
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url, written_log(url, folder) as made:
        yield made


@pytest.fixture
def log(finished_log: WrittenLog) -> Iterator[WrittenLog]:
    """The same log, to do with as one likes."""
    yield finished_log
    finished_log.restore()
