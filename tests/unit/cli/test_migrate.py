from __future__ import annotations

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared
from tests.unit.cli.filling import with_filling
from understudy.storage.database.migrations import load


def test_migrating_is_safe_to_repeat(empty: CommandLine) -> None:
    last = len(load())
    for _ in range(2):
        facts = empty.facts("migrate")
        assert "Restart each node" in facts.pop("next")
        assert facts == {
            "database": "sqlite",
            "schema": "up to date",
            "number": last,
            "compatible_from": 22,
        }
    assert empty.facts("app", "list") == []


def test_migrating_says_what_is_done_and_how_far_it_is(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_filling(monkeypatch, slices=[1200, 34, 0])
    done = prepared.run("migrate")
    assert done.exit_code == 0
    assert f"{len(load()) + 1:04} fills filling rows, 1,234 rows" in done.stderr
    assert "up to date" in done.stdout
