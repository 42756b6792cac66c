"""The worked examples for contributors, done in a folder of their own: no other file is touched."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.pages import ROOT
from understudy.storage.database.databases import open_database
from understudy.storage.database.migrations import load
from understudy.storage.database.sources import Sources

_FILE = re.compile(r"^`([a-z/]+/[a-z0-9_]+\.(?:sql|py))`[^\n]*\n\n```\w+\n(.*?)^```$", re.M | re.S)
_NOTES_ARE = 4
"""The number that the migration of the first example has on the page."""


def shown() -> Mapping[str, str]:
    """What the page shows, by the path under ``src/understudy`` that stands above it."""
    return dict(_FILE.findall((ROOT / "CONTRIBUTING.md").read_text()))


def renumbered(name: str) -> str:
    """The file name with the number that comes after ours."""
    number, _, rest = name.partition("_")
    return f"{int(number) - _NOTES_ARE + len(load()) + 1:04}_{rest}"


def put(folder: Path, *paths: str) -> Path:
    """Those files of the page, where the loader looks for more."""
    for path in paths:
        kind, _, name = path.removeprefix("storage/sql/").partition("/")
        (folder / kind).mkdir(parents=True, exist_ok=True)
        to = renumbered(name) if kind == "migrations" else name
        (folder / kind / to).write_text(shown()[path])
    (folder / "queries").mkdir(exist_ok=True)
    return folder


def module(path: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """That file of the page, as if it were ours."""
    made = ModuleType(f"understudy.{path.removesuffix('.py').replace('/', '.')}")
    monkeypatch.setitem(sys.modules, made.__name__, made)
    exec(compile(shown()[path], f"<{path}>", "exec"), vars(made))
    return made


def test_the_examples_for_a_table_and_its_migrations_work(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = module("core/people/notes.py", monkeypatch).Note
    table = module("storage/tables/notes.py", monkeypatch).NoteTable
    at = datetime(2026, 3, 1, tzinfo=UTC)
    notes = [note(id=one, subject_ref="ada", text=one, created_at=at) for one in ("aa", "b")]

    first = put(
        tmp_path / "first", "storage/sql/migrations/0004_notes.sql", "storage/sql/queries/notes.sql"
    )
    with closing(open_database(database_url, sources=Sources.of(first))) as database:
        database.migrate()
        with database.writing() as transaction:
            for one in notes:
                table(transaction).add(one)
        with database.reading() as connection:
            assert table(connection).of_subject("ada") == notes

    second = put(
        tmp_path / "second",
        "storage/sql/migrations/0005_recent_notes.sql",
        "storage/sql/migrations/0006_note_lengths.py",
    )
    with closing(open_database(database_url, sources=Sources.of(first, second))) as database:
        database.migrate()
        state = database.schema()
        assert [step.rows_done for step in state.steps[-3:]] == [0, 0, 2]
        assert (state.due, len(shown())) == ([], 6)
        with database.reading() as connection:
            assert table(connection).of_subject("ada") == notes
