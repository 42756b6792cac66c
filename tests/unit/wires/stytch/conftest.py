from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.rules.world import World, world


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[World]:
    """A small installation on SQLite, with people in it."""
    with world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made:
        yield made
