from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.storage.engines import ACTION, SECONDS, engine_on, marks
from tests.contract.storage.test_engine_processes import worker
from tests.fixtures.postgresql import PostgresServer
from understudy.core.notices.events import SESSION_OVER, Event, EventType
from understudy.core.ports import Entry, Unit
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.engine.follower import Follower


class Listener:
    """Keeps what a follower hands over, and waits for it."""

    def __init__(self, url: str, types: frozenset[EventType]) -> None:
        self.database = open_database(url)
        self.indexes: list[int] = []
        self.beats: list[int] = []
        self.changed = threading.Condition()
        self.follower = Follower(self.database, self.on_entries, self.on_heartbeat, types=types)

    def on_entries(self, entries: Sequence[Entry]) -> None:
        with self.changed:
            self.indexes += [entry.index for entry in entries]
            self.changed.notify()

    def on_heartbeat(self, index: int) -> None:
        with self.changed:
            self.beats.append(index)
            self.changed.notify()

    def wait_for_entries(self, count: int) -> list[int]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.indexes) >= count, SECONDS)
            return list(self.indexes)

    def wait_for_beat(self, index: int) -> None:
        """Until a heartbeat that comes from now on speaks of ``index`` or beyond."""
        with self.changed:
            self.beats.clear()
            assert self.changed.wait_for(lambda: max(self.beats, default=-1) >= index, SECONDS)

    def close(self) -> None:
        self.follower.stop()
        self.database.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(database_url: str, directory: Path) -> Iterator[StoreEngine]:
    with engine_on(database_url, directory) as engine:
        yield engine


@pytest.fixture
def listener(engine: StoreEngine, database_url: str) -> Iterator[Listener]:
    with closing(Listener(database_url, frozenset({EventType.ACTION_COMPLETED}))) as listener:
        yield listener


def test_entries_come_in_order_from_the_present_end_on(
    engine: StoreEngine, listener: Listener
) -> None:
    engine.run(marks("before"))
    listener.follower.start()
    for number in range(5):
        engine.run(marks(str(number), events=2))
    assert listener.wait_for_entries(10) == list(range(2, 12))


def test_entries_come_from_a_given_index_on(engine: StoreEngine, listener: Listener) -> None:
    engine.run(marks("a", events=5))
    listener.follower.start(after=2)
    assert listener.wait_for_entries(3) == [3, 4, 5]


def test_only_the_wanted_types_come_and_the_heartbeat_has_seen_the_others(
    engine: StoreEngine, database_url: str
) -> None:
    def end(unit: Unit) -> None:
        unit.record(replace(ACTION, type=EventType.SESSION_REVOKED, action=None))
        unit.record(Event(type=EventType.KEYS_ROTATED))

    with closing(Listener(database_url, SESSION_OVER)) as listener:
        listener.follower.start()
        engine.run(marks("a", events=3))
        engine.run(end)
        assert listener.wait_for_entries(1) == [4]
        listener.wait_for_beat(5)


def test_more_entries_than_fit_into_one_read_all_come(
    engine: StoreEngine, listener: Listener
) -> None:
    engine.run(marks("a", events=2500))
    listener.follower.start(after=0)
    assert listener.wait_for_entries(2500) == list(range(1, 2501))


def test_entries_of_another_process_come_too(
    engine: StoreEngine, listener: Listener, database_url: str, directory: Path
) -> None:
    listener.follower.start()
    with worker(database_url, directory, "a", 30) as process:
        process.wait(SECONDS)
    assert listener.wait_for_entries(30) == list(range(1, 31))


def test_stop_is_quick_and_final(engine: StoreEngine, listener: Listener) -> None:
    listener.follower.start()
    listener.wait_for_beat(0)
    listener.follower.stop()
    listener.follower.stop()
    heard = list(listener.beats)
    engine.run(marks("a"))
    assert (listener.indexes, listener.beats) == ([], heard)


def test_outage_of_the_server_is_survived_without_a_loss(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with postgres_server.database() as url, engine_on(url, tmp_path / "data") as engine:
        engine.run(marks("a"))
        with closing(Listener(url, frozenset({EventType.ACTION_COMPLETED}))) as listener:
            listener.follower.start()
            listener.wait_for_beat(1)
            postgres_server.stop()
            postgres_server.start()
            assert engine.run(marks("b")) == 2
            assert listener.wait_for_entries(1) == [2]
            listener.wait_for_beat(2)
