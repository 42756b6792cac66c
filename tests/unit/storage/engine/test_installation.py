from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.contract.storage.engines import NOON, Clock, engine_on
from understudy.core.notices.events import SYSTEM, EventType, Outcome
from understudy.storage.engine.installation import INSTALLATION_ID, KEY_CHECK


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'u.db'}"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_starters_at_the_same_moment_make_one_installation(url: str, directory: Path) -> None:
    def start(_: int) -> str:
        with engine_on(url, directory) as engine:
            return engine.origin

    with ThreadPoolExecutor(6) as pool:
        origins = list(pool.map(start, range(6)))
    assert len(set(origins)) == 1
    with engine_on(url, directory) as engine:
        report = engine.verify()
        assert (report.ok, report.entries) == (True, 1)


def test_new_database_gets_a_name_a_key_check_and_an_entry(url: str, directory: Path) -> None:
    with engine_on(url, directory, clock=Clock(), random=lambda count: b"\x01" * count) as engine:
        with engine.reading() as reader:
            facts = reader.meta.get(INSTALLATION_ID), reader.meta.get(KEY_CHECK)
            entry = reader.entries.get(0)
        assert engine.origin == "understudy.local/" + "01" * 16
        (verifier,) = engine.verifiers()
    assert facts[0] == "01" * 16
    assert facts[1] is not None
    assert len(facts[1]) == 64
    assert "01" * 16 not in facts[1]
    assert entry is not None
    assert (entry.time, entry.type) == (NOON, EventType.INSTALLATION_CREATED)
    assert entry.core == {
        "actor_kind": SYSTEM.kind,
        "outcome": Outcome.OK,
        "details": {"origin": verifier.name, "vkey": verifier.to_text()},
    }


def test_first_checkpoint_is_remembered(url: str, directory: Path) -> None:
    with engine_on(url, directory) as engine:
        note = engine.checkpoint()
    assert (directory / "checkpoint").read_bytes() == note
