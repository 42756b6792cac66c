"""The service on SQLite; what differs between databases is tested with the stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures import service
from tests.fixtures.service import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A running service with one application."""
    async with service.world(tmp_path) as found:
        yield found
