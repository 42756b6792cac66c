"""What the proof tests share: an installation, and randomness that a failure can be repeated with.

Every test here runs the product as its users do, and would fail without the rule it is named after.
"""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from tests.integration.proof.place import Place, settle


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    """A small installation, once on SQLite and once on PostgreSQL."""
    return settle(database_url, tmp_path)


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random choices, the same ones each time this test runs; a failure shows the seed."""
    seed = zlib.crc32(request.node.name.encode())
    print(f"random seed: {seed}")  # noqa: T201 - shown with the failure
    return random.Random(seed)
