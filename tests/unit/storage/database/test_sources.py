"""SQL that somebody brings beside ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.storage.database import migrations, statements
from understudy.storage.database.sources import Sources

QUERY = "-- name: notes_all\n-- Every note.\nSELECT id FROM notes;\n"


def folder(path: Path, query: str = QUERY) -> Path:
    for name in ("queries", "migrations"):
        (path / name).mkdir(parents=True)
    (path / "queries" / "notes.sql").write_text(query)
    number = len(migrations.load()) + 1
    (path / "migrations" / f"{number:04}_notes.sql").write_text("CREATE TABLE notes (id {text});")
    return path


def test_ours_are_what_ships_with_understudy() -> None:
    ours = Sources.of()
    assert ours.queries == statements.load()
    assert ours.migrations == migrations.load()


def test_others_come_after_ours(tmp_path: Path) -> None:
    both = Sources.of(folder(tmp_path))
    assert both.queries.keys() - Sources.of().queries.keys() == {"notes_all"}
    assert [one.name for one in both.migrations[len(migrations.load()) :]] == ["notes"]


def test_a_name_of_ours_cannot_be_given_again(tmp_path: Path) -> None:
    made = folder(tmp_path, "-- name: meta_get\n-- Another.\nSELECT 1;\n")
    with pytest.raises(ValueError, match="two queries are named meta_get"):
        Sources.of(made)
