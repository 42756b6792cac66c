"""The option ``--understudy-attack`` of pytest; without it, nothing here does anything.

Every run of pytest loads this where Understudy is installed, so it imports nothing of ours: that
would take its time, and go before whatever measures coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

FIXTURE = "understudy_attack_target"
CHECKS = Path(__file__).parent / "testing" / "attack" / "checks.py"
_OPTION = "understudy_attack"
_CONFTEST = "conftest.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option."""
    parser.getgroup("understudy").addoption(
        "--understudy-attack",
        action="store_true",
        dest=_OPTION,
        help=f"Try known faults of impersonation on the app that a fixture {FIXTURE} gives.",
    )


class AttackChecks(pytest.Module):
    """The checks, as if they stood beside the ``conftest.py`` that gives the target."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the checks where a ``conftest.py`` says whom to attack."""
    if file_path.name != _CONFTEST or not parent.config.getoption(_OPTION):
        return None
    conftest = parent.config.pluginmanager.get_plugin(str(file_path))
    if not hasattr(conftest, FIXTURE):
        return None
    nodeid = f"{parent.nodeid}/understudy-attack".lstrip("./")
    checks: pytest.Collector = AttackChecks.from_parent(parent, path=CHECKS, nodeid=nodeid)
    return checks


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """An attack on nobody is a mistake, and no success."""
    if config.getoption(_OPTION) and not any(item.getparent(AttackChecks) for item in items):
        raise pytest.UsageError(f"No conftest.py among what was collected has {FIXTURE}.")
