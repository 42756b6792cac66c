"""From an address to a database."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from understudy import errors
from understudy.storage.database.connection import Dialect
from understudy.storage.database.databases import open_database


def test_a_file_is_named_by_three_slashes_and_its_path(tmp_path: Path) -> None:
    path = tmp_path / "under study.db"
    with closing(open_database(f"sqlite:///{tmp_path}/under%20study.db")) as database:
        assert database.dialect is Dialect.SQLITE
        database.migrate()
    assert path.exists()


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(open_database("sqlite:///here.db")) as database:
        database.migrate()
    assert (tmp_path / "here.db").exists()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_opening_asks_no_server(scheme: str) -> None:
    with closing(open_database(f"{scheme}://ada@nowhere.invalid/db")) as database:
        assert database.dialect is Dialect.POSTGRESQL


@pytest.mark.parametrize(
    "url", ["", "understudy.db", "sqlite://", "sqlite:///", "mysql://ada:hunter2@host/db"]
)
def test_another_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(errors.SetupError) as caught:
        open_database(url)
    assert "hunter2" not in str(caught.value)


def test_a_missing_driver_is_told_how_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "understudy.storage.database.postgresql", None)
    with pytest.raises(errors.SetupError, match="pip install"):
        open_database("postgresql://ada@host/db")
