from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures.engine import TestCounter
from understudy.flows.comparison.compare import compare


@pytest.fixture
def counter() -> TestCounter:
    """What the time of ``installation`` passes by, for tests that ask for it."""
    return TestCounter()


@pytest.fixture
def database_url(made_url: str) -> str:
    """Address of a database with our schema: how it gets there is tested with the stores."""
    return made_url


@pytest.fixture
def forging() -> None:
    """Asked for by tests that leave rows behind which the log does not tell of."""


@pytest.fixture
def installation(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> Iterator[World]:
    """A small installation, once on SQLite and once on PostgreSQL.

    At the end its log verifies, and tells of every row, and every row is its own.
    """
    counted = "counter" in request.fixturenames
    elapsed = request.getfixturevalue("counter") if counted else None
    with world(database_url, tmp_path, elapsed=elapsed) as made:
        yield made
        assert made.engine.verify().findings == ()
        if "forging" in request.fixturenames:
            return
        with made.engine.comparing() as rows:
            assert compare(rows).differences == ()
        assert made.engine.forged_rows.all() == {}
