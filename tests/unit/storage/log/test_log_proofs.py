from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.storage.engines import Clock, engine_on, marks, tamper
from tests.fixtures.refusals import refusal_of
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.errors import LogForked, NotFound
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.log_proofs import LogProofs
from understudy.storage.log.signing import LogKeyring


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[StoreEngine]:
    url = f"sqlite:///{tmp_path / 'u.db'}"
    with engine_on(url, tmp_path / "data", clock=Clock()) as engine:
        yield engine


@contextmanager
def proofs_of(engine: StoreEngine) -> Iterator[LogProofs]:
    keyring = LogKeyring(engine.vault, origin=engine.origin)
    with engine._database.reading() as connection:
        yield LogProofs(connection, keyring)


@pytest.mark.parametrize("index", [-1, 1])
def test_entry_that_is_not_there_has_no_receipt(engine: StoreEngine, index: int) -> None:
    with pytest.raises(NotFound) as caught:
        engine.receipt(index)
    assert caught.value.code == "not_found"


def test_checkpoint_is_what_the_note_says(engine: StoreEngine) -> None:
    engine.run(marks("a"))
    with proofs_of(engine) as proofs:
        checkpoint = proofs.checkpoint()
        assert proofs.note().startswith(checkpoint.to_text().encode())
    assert (checkpoint.origin, checkpoint.size) == (engine.origin, 2)


def test_sound_log_may_have_grown_since_it_was_last_seen(engine: StoreEngine) -> None:
    with proofs_of(engine) as proofs:
        seen = proofs.checkpoint()
    engine.run(marks("a", events=300))
    with proofs_of(engine) as proofs:
        proofs.require_sound(seen)
        proofs.require_sound(None)


def test_log_with_another_history_is_a_fork(engine: StoreEngine) -> None:
    engine.run(marks("a"))
    with proofs_of(engine) as proofs:
        for size in (1, 2, 3):
            with refusal_of(LogForked, "log_forked"):
                proofs.require_sound(Checkpoint(origin=engine.origin, size=size, root=bytes(32)))


def test_log_that_lost_its_checkpoint_has_none(engine: StoreEngine) -> None:
    assert tamper(engine._database, "", "DELETE FROM log_head") == 1
    with proofs_of(engine) as proofs:
        with pytest.raises(LogForked, match="has lost its checkpoint"):
            proofs.note()
        with refusal_of(LogForked, "log_forked"):
            proofs.receipt(0)
