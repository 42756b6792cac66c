from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.refusals import refusal_of
from tests.fixtures.vault import VAULT
from understudy.errors import SetupError
from understudy.storage.data_directory import SEALED_FILE, DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.upgrade import upgrade


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


def up(tmp_path: Path, directory: DataDirectory) -> None:
    with closing(open_database(f"sqlite:///{tmp_path / 'u.db'}")) as database:
        upgrade(database, directory, VAULT)


@pytest.mark.parametrize(
    "set_back",
    [
        "UPDATE schema_steps SET finished = 0 WHERE name = 'seals'",
        "DELETE FROM schema_steps WHERE name = 'seals'; DELETE FROM schema_migrations"
        " WHERE name = 'seals'",
    ],
)
def test_what_was_sealed_is_not_sealed_anew(
    tmp_path: Path, directory: DataDirectory, set_back: str
) -> None:
    up(tmp_path, directory)
    up(tmp_path, directory)
    with closing(sqlite3.connect(tmp_path / "u.db")) as raw:
        raw.executescript(set_back)
    with refusal_of(SetupError, "setup_error"):
        up(tmp_path, directory)


def test_a_database_that_is_still_to_be_made_is_made(
    tmp_path: Path, directory: DataDirectory
) -> None:
    directory.note_seals()
    up(tmp_path, directory)
    assert (tmp_path / "u.db").exists()


def test_another_node_learns_of_the_codes_by_itself(
    tmp_path: Path, directory: DataDirectory
) -> None:
    assert not directory.has_seen_seals()
    up(tmp_path, directory)
    assert directory.has_seen_seals()
    assert (directory.path / SEALED_FILE).stat().st_mode & 0o777 == 0o600
