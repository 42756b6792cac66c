"""What a search among very many people costs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.contract.storage.make import application
from tests.fixtures.vault import VAULT
from tests.integration.proof.big_log import Steps
from understudy.core.ports import Page, SubjectFilter
from understudy.storage.database.connection import Params
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.database.sqlite_letters import AT_ONCE, take_in
from understudy.storage.tables import directory
from understudy.storage.tables.reader import StoreTables


class Plain(Steps):
    """Takes each row for what it says: those of a crowd have no codes."""

    def all(self, query: str, params: Params = {}) -> list[Any]:  # noqa: B006 - never changed
        rows = [dict(row) for row in super().all(query, params)]
        for row in rows:
            row.pop("seal", None)
        return rows


_CROWD = """
WITH RECURSIVE one (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < :size)
INSERT INTO subjects (application_id, id, ref, roles, protected, status, created_at, updated_at,
    folded_name, folded_text)
SELECT :app, 'user-' || n, 'sub_' || :app || n, '[]', 0, 'active', 0, 0, :name || ' ' || n,
    'user-' || n || char(10) || :name || ' ' || n
FROM one
"""


def steps_of(path: Path, query: str, *crowds: tuple[str, str, int]) -> int:
    """What a search in the first application takes; a crowd has an application, a name, a size."""
    with closing(SqliteDatabase(path)) as database:
        database.migrate()
        with database.writing() as transaction:
            store = StoreTables(transaction, VAULT)
            for number in (1, 2):
                own = application(id=f"app_{number}", secret_hash=bytes([number]) * 32)
                store.applications.add(own)
    with closing(sqlite3.connect(path)) as raw, raw:
        for app, name, size in crowds:
            raw.execute(_CROWD, {"app": app, "name": name, "size": size})
        for _ in range(1 + sum(size for _, _, size in crowds) // AT_ONCE):
            take_in(raw)
        assert raw.execute("SELECT 1 FROM subjects_unread LIMIT 1").fetchone() is None
    with closing(sqlite3.connect(path)) as raw:
        counting = Plain(raw)
        table = directory.SubjectTable(counting)  # type: ignore[arg-type]
        table.search(SubjectFilter(application_id="app_1", query=query), Page(limit=20))
        return counting.count


@pytest.mark.parametrize(
    "query", ["qqq", "qq", "q", "name qq", "name ao", "user qqqqq", "name", "e"]
)
def test_what_is_typed_costs_no_more_among_ten_times_as_many(tmp_path: Path, query: str) -> None:
    few, many = (
        steps_of(tmp_path / f"{size}.db", query, ("app_1", "name", size))
        for size in (4_000, 40_000)
    )
    assert many <= 1.1 * few


@pytest.mark.parametrize("query", ["zoe", "zo", "zoe e"])
def test_whom_another_application_has_many_of_costs_nothing(tmp_path: Path, query: str) -> None:
    few, many = (
        steps_of(tmp_path / f"{size}.db", query, ("app_1", "name", 2_000), ("app_2", "zoe", size))
        for size in (1_500, 40_000)
    )
    assert many <= 1.1 * few
