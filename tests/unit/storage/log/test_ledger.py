from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.contract.storage.engines import Clock, engine_on, marks, words_in_log
from understudy.audit.tlog.checkpoint import unverified_checkpoint
from understudy.core.ports import KeyUse, Unit
from understudy.errors import LogUnwritable, Unavailable
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database, Keep, Transaction, let_go
from understudy.storage.database.databases import open_database
from understudy.storage.database.sqlite_transaction import SqliteTransaction
from understudy.storage.engine.engine import StoreEngine, open_engine
from understudy.storage.log.signing import rotate_log_key
from understudy.storage.tables.outbox import Outbox
from understudy.storage.tables.unit import StoreUnit


class Timer:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(tmp_path: Path, directory: Path, timer: Timer) -> Iterator[StoreEngine]:
    url = f"sqlite:///{tmp_path / 'u.db'}"
    with engine_on(url, directory, clock=Clock(), timer=timer) as engine:
        yield engine


def remembered(directory: Path) -> int | None:
    """The size in the high-water file."""
    path = directory / "checkpoint"
    return unverified_checkpoint(path.read_bytes()).size if path.exists() else None


def test_high_water_file_is_written_at_most_once_a_second(
    engine: StoreEngine, directory: Path, timer: Timer
) -> None:
    timer.now = 0.5
    engine.run(marks("a"))
    timer.now = 0.999
    engine.run(marks("b"))
    assert remembered(directory) is None
    timer.now = 1.0
    engine.run(marks("c"))
    assert remembered(directory) == 4
    timer.now = 1.999
    engine.run(marks("d"))
    assert remembered(directory) == 4
    timer.now = 2.0
    engine.run(marks("e"))
    assert remembered(directory) == 6


def test_high_water_file_is_written_when_things_are_quiet(
    engine: StoreEngine, directory: Path
) -> None:
    engine.run(marks("a"))
    engine._ledger.idle()
    assert remembered(directory) == 2


def test_high_water_file_is_written_at_the_end(engine: StoreEngine, directory: Path) -> None:
    engine.run(marks("a"))
    note = engine.checkpoint()
    engine.close()
    assert (directory / "checkpoint").read_bytes() == note


def test_flows_without_events_leave_the_file_alone(
    engine: StoreEngine, directory: Path, timer: Timer
) -> None:
    engine._ledger.idle()
    (directory / "checkpoint").unlink()
    timer.now = 5.0
    engine.run(lambda unit: unit.meta.put("fact", "value"))
    engine._ledger.idle()
    assert remembered(directory) is None


def test_file_that_cannot_be_written_stops_nothing_and_is_tried_again(
    engine: StoreEngine, directory: Path, timer: Timer, caplog: pytest.LogCaptureFixture
) -> None:
    (directory / "checkpoint").mkdir()
    timer.now = 1.0
    assert engine.run(marks("a")) == 1
    engine.close()
    assert "the high-water checkpoint was not written" in caplog.text
    (directory / "checkpoint").rmdir()
    engine._ledger.idle()
    assert remembered(directory) == 2


class LosesAnswers:
    """A database whose commits take effect while their answers get lost, when a test says so."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.losses = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)

    @contextmanager
    def writing(self, keep: Keep = let_go, *, ahead: bool = False) -> Iterator[Transaction]:
        with self._database.writing(keep, ahead=ahead) as transaction:
            yield transaction
        if self.losses:
            self.losses -= 1
            raise Unavailable(internal="the answer to the commit got lost")


@pytest.fixture
def lossy(tmp_path: Path) -> LosesAnswers:
    return LosesAnswers(open_database(f"sqlite:///{tmp_path / 'u.db'}"))


@pytest.fixture
def lossy_engine(lossy: LosesAnswers, directory: Path) -> Iterator[StoreEngine]:
    opened = open_engine(cast(Database, lossy), DataDirectory(directory), clock=Clock())
    with closing(opened) as engine:
        yield engine


def test_flow_whose_commit_got_no_answer_is_found_in_the_log_and_not_run_again(
    lossy: LosesAnswers, lossy_engine: StoreEngine, directory: Path
) -> None:
    lossy.losses = 1
    assert lossy_engine.run(marks("a")) == 1
    assert words_in_log(lossy_engine) == ["a"]
    lossy_engine.close()
    assert remembered(directory) == 2


def test_flow_without_events_is_found_by_its_mark_when_its_commit_got_no_answer(
    lossy: LosesAnswers, lossy_engine: StoreEngine
) -> None:
    runs: list[str | None] = []

    def touch(unit: Unit) -> None:
        runs.append(unit.meta.get("fact"))
        unit.meta.put("fact", "value")

    lossy.losses = 1
    lossy_engine.run(touch)
    assert runs == [None]


def test_checkpoint_of_a_key_that_is_not_stored_any_more_is_not_built_upon(
    engine: StoreEngine,
) -> None:
    engine.run(marks("a"))

    def lose_the_old_key(unit: Unit) -> None:
        rotate_log_key(unit, origin=engine.origin)
        keys = unit.signing_keys.of(KeyUse.LOG)
        (old,) = (key for key in keys if key.signs_until is not None)
        transaction = cast(SqliteTransaction, cast(StoreUnit, unit).outbox._db)
        transaction._raw.execute("DELETE FROM signing_keys WHERE id = ?", (old.id,))
        transaction._memory.forget()

    with pytest.raises(LogUnwritable) as refused:
        engine.run(lose_the_old_key)
    assert refused.value.code == "log_unwritable"
    assert "signature_invalid" in (refused.value.internal or "")


def test_nothing_of_a_group_waits_for_the_collector_of_garbage(engine: StoreEngine) -> None:
    outboxes: list[weakref.ref[Outbox]] = []

    def flow(unit: Unit) -> None:
        outboxes.append(weakref.ref(cast(StoreUnit, unit).outbox))
        marks("a")(unit)

    gc.disable()
    try:
        engine.run(flow)
        engine.run(marks("b"))  # the writer holds on to the group before until the next
        assert outboxes[0]() is None
    finally:
        gc.enable()
