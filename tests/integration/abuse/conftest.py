"""What every abuse is tried on: the whole product, as its users run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.abuse.stack import Stack
from tests.integration.abuse.stack import stack as running_stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """The product with a FastAPI app, on SQLite; its log verifies at the end."""
    with running_stack(tmp_path) as found:
        yield found
        assert found.engine.verify().findings == ()
