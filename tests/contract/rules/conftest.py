from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.rules.world import World, world
from understudy.flows.comparison.compare import compare


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A small installation, once on SQLite and once on PostgreSQL.

    At the end its log verifies, and tells of every row.
    """
    with world(database_url, tmp_path) as made:
        yield made
        assert made.engine.verify().findings == ()
        with made.engine.comparing() as rows:
            assert compare(rows).differences == ()
