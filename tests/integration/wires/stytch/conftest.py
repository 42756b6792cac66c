"""The service as Stytch's SDKs reach it, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.wires.stytch import place as places
from tests.integration.wires.stytch.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A running service with three applications."""
    with places.place(tmp_path) as found:
        yield found


@pytest.fixture
def place_behind(tmp_path: Path) -> Iterator[Place]:
    """The same, an hour ago: what it signs has expired for everybody else."""
    with places.place(tmp_path, behind=timedelta(hours=1)) as found:
        yield found


@pytest.fixture(scope="module")
def steady_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all tests of a module, none of which changes anything."""
    with places.place(tmp_path_factory.mktemp("steady")) as found:
        yield found
