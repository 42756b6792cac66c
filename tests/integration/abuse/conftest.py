"""What every abuse is tried on: the whole product, as its users run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.abuse.stack import Stack
from tests.integration.abuse.stack import stack as running_stack


@pytest.fixture(autouse=True)
def patiently(patient: None) -> None:
    """An abuse is refused for what it is, never because a busy machine took a second."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product with a FastAPI app, on SQLite, for a module's tests; its log verifies at the end.

    Tests bring operators of their own, and leave settings, people and servers as they were.
    """
    with running_stack(tmp_path_factory.mktemp("stack")) as found:
        yield found
        assert found.engine.verify().findings == ()


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """The same for one test, which may do with it what it likes."""
    with running_stack(tmp_path) as found:
        yield found
        assert found.engine.verify().findings == ()
