"""A service over a database whose answers to COMMIT can get lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures import service
from tests.fixtures.losses import Losses
from tests.fixtures.service import World


@pytest.fixture
async def world(tmp_path: Path, losses: Losses) -> AsyncIterator[World]:
    """A running service with one application; its log verifies at the end."""
    async with service.world(tmp_path, losses.url) as found:
        yield found
        losses.heal()
        assert found.installation.engine.verify().findings == ()
