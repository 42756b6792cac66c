"""Every test of the suite runs once over each gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.gateways import places
from tests.contract.gateways.places import Place

PLACES = {"remote": places.remote, "embedded": places.embedded, "fake": places.fake}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Understudy as an app reaches it, in each way in turn."""
    with PLACES[request.param](tmp_path) as made:
        yield made
