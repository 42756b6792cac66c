"""A service over either database, whose log can be made to refuse entries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.fixtures import service
from tests.fixtures.outages import inserts_refused
from tests.fixtures.service import World

Refuse = Callable[[], AbstractContextManager[None]]


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    """A running service with one application; its log verifies at the end."""
    async with service.world(tmp_path, database_url) as found:
        yield found
        assert found.installation.engine.verify().findings == ()


@pytest.fixture
def refused(world: World, database_url: str) -> Refuse:
    """A block in which no entry can be written."""
    return lambda: inserts_refused(database_url, world.installation.database.dialect)
