from __future__ import annotations

import pytest

from tests.contract.rules.approving import Room
from tests.contract.rules.world import World


@pytest.fixture
def room(installation: World) -> Room:
    return Room(installation)
