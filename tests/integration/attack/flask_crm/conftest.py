"""The CRM of the examples, as an app's own tests would give it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.attack.crm import crm
from understudy.testing.attack import AttackTarget


@pytest.fixture
def understudy_attack_target(tmp_path: Path) -> Iterator[AttackTarget]:
    """Called in the process."""
    yield from crm(tmp_path)
