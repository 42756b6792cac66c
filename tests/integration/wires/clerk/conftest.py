"""The service as Clerk's SDKs reach it, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.wires.clerk import place as places
from tests.integration.wires.clerk.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A running service with two applications."""
    with places.place(tmp_path) as found:
        yield found
