from __future__ import annotations

import sqlite3

import pytest

from tests.unit.cli.conftest import Prepared
from tests.unit.cli.filling import with_filling
from understudy.storage.database.migrations import load


def test_the_doctor_names_the_schema_and_who_may_work_with_it(prepared: Prepared) -> None:
    last = load()[-1]
    said = [(one["level"], one["what"]) for one in prepared.facts("doctor")]
    what = f"schema {last.number}, {last.name}; nodes of schema 22 and later may work with it"
    assert ("ok", what) in said


def test_the_doctor_finds_a_migration_that_is_due_and_leaves_it(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_filling(monkeypatch, slices=[])
    for _ in range(2):
        warning = prepared.facts("doctor")[1]
        assert warning["level"] == "warning"
        assert warning["what"].endswith(f"{len(load()) + 1:04} fills")
        assert warning["advice"].startswith("understudy migrate")


def test_the_doctor_finds_a_migration_that_was_cut_off(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_filling(monkeypatch, slices=[1200, -1, 0])
    assert "[unavailable]" in prepared.refused("migrate")
    warning = prepared.facts("doctor")[1]
    assert warning["what"] == f"schema {len(load()) + 1:04} fills is not finished, 1,200 rows done"
    prepared.facts("migrate")
    assert all("not finished" not in one["what"] for one in prepared.facts("doctor"))


def test_the_doctor_names_a_database_of_a_newer_release(prepared: Prepared) -> None:
    with sqlite3.connect(prepared.data_dir / "understudy.db") as raw:
        raw.execute("INSERT INTO schema_migrations (number, name) VALUES (9999, 'future')")
    raw.close()
    done = prepared.run("doctor")
    assert done.exit_code == 1
    assert "written by a newer version" in done.stdout
