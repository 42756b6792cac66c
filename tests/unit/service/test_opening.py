from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.storage.engines import marks
from tests.fixtures.refusals import refusal_of
from understudy.config import Settings
from understudy.errors import LogUnwritable, SetupError, StorageBusy, StorageFull
from understudy.service.opening import open_installation, open_to_serve
from understudy.storage.database.sqlite import SqliteDatabase


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an installation with an entry or two."""
    settings = Settings(data_dir=tmp_path / "data")
    engine = open_installation(settings)
    engine.run(marks("before"))
    engine.close()
    return settings


def test_a_sound_installation_is_opened_for_everything(settings: Settings) -> None:
    engine, _, halted = open_to_serve(settings)
    assert halted is None
    assert engine.run(marks("after")) == 2
    engine.close()


def test_one_that_cannot_be_brought_up_to_date_is_opened_for_ending(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFull

    monkeypatch.setattr(SqliteDatabase, "migrate", full)
    engine, _, halted = open_to_serve(settings)
    assert halted is not None
    assert halted.startswith("The database cannot be brought up to date: The disk is full")
    with engine.reading() as reader:
        assert reader.entries.size() == 2
    engine.close()


def test_one_whose_log_does_not_verify_is_opened_for_ending(settings: Settings) -> None:
    engine = open_installation(settings)
    with engine._database.writing() as transaction:
        transaction._raw.execute("DELETE FROM log_tiles")  # type: ignore[attr-defined]
    engine.close()
    engine, _, halted = open_to_serve(settings)
    assert halted is not None
    assert halted.startswith("The audit log does not verify")
    with refusal_of(LogUnwritable, "log_unwritable"):
        engine.require_writable()
    engine.close()


def test_one_that_cannot_be_used_at_all_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "understudy.db").write_bytes(b"no database" * 1000)
    with refusal_of(SetupError, "setup_error"):
        open_to_serve(Settings(data_dir=tmp_path / "data"))


def test_one_that_is_busy_is_left_to_the_next_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StorageBusy

    monkeypatch.setattr(SqliteDatabase, "migrate", busy)
    with refusal_of(StorageBusy, "storage_busy"):
        open_to_serve(settings)
