"""A reader's terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A reader's terminal in an empty folder."""
    return Shell(tmp_path)
