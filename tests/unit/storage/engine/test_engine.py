from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.storage.engines import Clock, engine_on, marks, words_in_log
from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.findings import FindingCode
from understudy.audit.tlog.checkpoint import open_checkpoint
from understudy.errors import KeyMismatch, LogForked, Unavailable
from understudy.storage.clock import utc_now
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import StoreEngine, open_engine
from understudy.storage.vault import InstallationKey


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'u.db'}"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(url: str, directory: Path) -> Iterator[StoreEngine]:
    with engine_on(url, directory, clock=Clock()) as engine:
        yield engine


def test_key_that_is_handed_in_leaves_no_file(url: str, directory: Path, tmp_path: Path) -> None:
    key = InstallationKey(os.urandom(32))
    with engine_on(url, directory, key=key) as engine:
        engine.run(marks("a"))
    assert not (directory / "installation.key").exists()
    with engine_on(url, tmp_path / "second node", key=key) as engine:
        assert words_in_log(engine) == ["a"]


def test_database_is_closed_when_the_engine_cannot_be_opened(
    engine: StoreEngine, url: str, tmp_path: Path
) -> None:
    database = open_database(url)
    with refusal_of(KeyMismatch, "key_mismatch"):
        open_engine(database, DataDirectory(tmp_path / "other"))
    with refusal_of(Unavailable, "unavailable"), database.reading():
        pass


def test_flow_without_events_changes_no_checkpoint(engine: StoreEngine) -> None:
    before = engine.checkpoint()
    engine.run(lambda unit: unit.meta.put("fact", "value"))
    assert engine.checkpoint() == before


def test_vault_is_the_same_in_units_and_outside(engine: StoreEngine) -> None:
    sealed = engine.run(lambda unit: unit.vault.encrypt("test", b"secret"))
    assert engine.vault.decrypt("test", sealed) == b"secret"


def test_older_checkpoints_are_part_of_the_verification(
    engine: StoreEngine, tmp_path: Path
) -> None:
    (verifier,) = engine.verifiers()
    own = open_checkpoint(engine.checkpoint(), verifier=verifier, origin=engine.origin)
    engine.run(marks("a"))
    assert engine.verify(older=[own]).ok
    rewritten = engine.verify(older=[replace(own, root=bytes(32))])
    assert [finding.code for finding in rewritten.findings] == [FindingCode.HISTORY_REWRITTEN]
    with refusal_of(LogForked, "log_forked"):
        engine.verify(older=[replace(own, origin="understudy.local/other")])


def test_verification_tells_how_far_it_is(engine: StoreEngine) -> None:
    progress: list[int] = []
    engine.run(marks("a", events=600))
    assert engine.verify(progress=progress.append).ok
    assert progress == [256, 512]


def test_closed_engine_takes_no_flow_and_closes_again(engine: StoreEngine) -> None:
    engine.run(marks("a"))
    engine.close()
    with refusal_of(Unavailable, "unavailable"):
        engine.submit(marks("b"))
    engine.close()


def test_machines_clock_is_in_utc() -> None:
    assert utc_now().utcoffset() is not None
    assert str(utc_now().tzinfo) == "UTC"
