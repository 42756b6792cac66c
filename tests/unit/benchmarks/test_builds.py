from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import builds, table
from benchmarks.builds import Figures, checked_out
from benchmarks.cycles_by_build import _cost, _rate
from benchmarks.row import Peer

COMMIT = "0" * 40
FIGURES = (Figures(per_second=100, cost=30), Figures(per_second=300, cost=20))


def test_a_build_that_the_history_lacks_is_none() -> None:
    with checked_out(COMMIT) as tree:
        assert tree is None


def test_without_git_there_is_no_earlier_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with checked_out(builds.BEFORE) as tree:
        assert tree is None


def test_a_row_says_that_the_earlier_build_is_not_there() -> None:
    _, peer = table.lines(_cost("cost-sqlite", "SQLite", {"now": FIGURES}))
    assert "not in the history" in peer


def test_the_middle_rate_and_the_least_cost_count() -> None:
    found = {"now": (*FIGURES, Figures(per_second=200, cost=25)), "before": FIGURES}
    assert _rate("cycles-sqlite", "SQLite", found).value == 200
    cost = _cost("cost-sqlite", "SQLite", found)
    assert cost.value == 20
    assert cost.peers == (
        Peer(name="the build of 2026-11-22", value=20, absent="not in the history"),
    )
