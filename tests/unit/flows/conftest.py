from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.rules.world import Clock, World, world
from understudy.cedar.judge import CedarJudge
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A small installation, made once and closed again, to be copied for each test."""
    folder = tmp_path_factory.mktemp("installation")
    with world(f"sqlite:///{folder / 'understudy.db'}", folder) as made:
        pass
    return folder, made


@pytest.fixture
def installation(template: tuple[Path, World], tmp_path: Path) -> Iterator[World]:
    """A small installation on SQLite; its log verifies at the end."""
    source, made = template
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    clock = Clock()
    database = open_database(f"sqlite:///{tmp_path / 'understudy.db'}")
    engine = open_engine(
        database, DataDirectory(tmp_path / "data"), clock=clock, judge=CedarJudge()
    )
    try:
        copy = replace(made, engine=engine, clock=clock)
        copy.other_application = made.other_application
        yield copy
        assert engine.verify().findings == ()
    finally:
        engine.close()
