from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import pytest

from understudy.core.notices.events import SESSION_OVER, EventType
from understudy.core.ports import Entry
from understudy.errors import Unavailable
from understudy.storage.database.connection import Connection, Database, Hear, Params, Row, V
from understudy.storage.engine.follower import Follower

SECONDS = 10.0
"""No wait in here comes near it."""


class ScriptedDatabase:
    """A log with as many entries as a test says, whose moves the test makes one by one."""

    def __init__(self) -> None:
        self.size = 1
        self.away = False
        self.reads = 0
        self.closed_watches = 0
        self.turn = threading.Condition()
        self.waiting = False
        self.signals: list[bool] = []

    @contextmanager
    def reading(self, *, wait: bool = True) -> Iterator[Connection]:
        if self.away:
            raise Unavailable(internal="the database is away")
        self.reads += 1
        yield cast(Connection, self)

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        assert query == "entries_size"
        return read([{"size": self.size, "newest_ms": None}])

    def all(self, query: str, params: dict[str, Any]) -> list[dict[str, Any]]:
        assert query == "entries_after"
        assert set(params["types"]) == SESSION_OVER
        return [
            {
                "idx": index,
                "time_ms": 0,
                "type": EventType.SESSION_ENDED.value,
                "leaf": b"leaf",
                "core": None,
                "personal": None,
            }
            for index in range(params["idx"] + 1, self.size)
        ][: params["limit"]]

    def watch(self, hear: Hear) -> ScriptedDatabase:
        self.hear = hear
        if self.away:
            raise Unavailable(internal="the database is away")
        return self

    def wait(self, timeout: float) -> bool:
        with self.turn:
            self.waiting = True
            self.turn.notify_all()
            self.turn.wait_for(lambda: self.signals, timeout)
            self.waiting = False
            return self.signals.pop(0) if self.signals else False

    def close(self) -> None:
        with self.turn:
            self.closed_watches += 1
            self.turn.notify_all()

    def signal(self) -> None:
        """Let the watch say that something was committed."""
        with self.turn:
            self.signals.append(True)
            self.turn.notify_all()


class Stage:
    def __init__(self) -> None:
        self.database = ScriptedDatabase()
        self.now = 0.0
        self.happened: list[str] = []
        self.changed = threading.Condition()
        self.failures: list[Exception] = []
        self.follower = Follower(
            cast(Database, self.database),
            self.on_entries,
            self.on_heartbeat,
            timer=lambda: self.now,
        )

    def on_entries(self, entries: Sequence[Entry]) -> None:
        if self.failures:
            raise self.failures.pop()
        self.note("entries " + " ".join(str(entry.index) for entry in entries))

    def on_heartbeat(self, index: int) -> None:
        self.note(f"beat {index}")

    def note(self, what: str) -> None:
        with self.changed:
            self.happened.append(what)
            self.changed.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.happened) >= count, SECONDS)
            return list(self.happened)

    def settle(self) -> None:
        """Until the follower has read what there is and waits again."""
        with self.database.turn:
            self.database.waiting = False
            assert self.database.turn.wait_for(lambda: self.database.waiting, SECONDS)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.follower.stop()


def test_heartbeat_follows_the_first_read(stage: Stage) -> None:
    stage.follower.start()
    assert stage.wait_for(1) == ["beat 0"]


def test_commit_is_handed_over_before_the_next_heartbeat_is_due(stage: Stage) -> None:
    stage.follower.start()
    stage.wait_for(1)
    stage.database.size = 3
    stage.database.signal()
    assert stage.wait_for(2) == ["beat 0", "entries 1 2"]


def test_heartbeat_comes_once_a_second_and_not_before(stage: Stage) -> None:
    stage.follower.start()
    stage.wait_for(1)
    stage.now = 0.999
    stage.database.signal()
    stage.settle()
    assert stage.happened == ["beat 0"]
    stage.now = 1.0
    assert stage.wait_for(2) == ["beat 0", "beat 0"]
    stage.settle()
    assert stage.happened == ["beat 0", "beat 0"]


def test_a_second_without_news_is_read_all_the_same(stage: Stage) -> None:
    # The watch may have missed a commit: PostgreSQL's notifications can get lost.
    stage.follower.start()
    stage.wait_for(1)
    stage.database.size = 2
    stage.now = 1.0
    assert stage.wait_for(3) == ["beat 0", "entries 1", "beat 1"]


def test_no_heartbeat_comes_while_the_database_is_away(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.follower.start()
    stage.wait_for(1)
    stage.database.away = True
    stage.now = 5.0
    with stage.database.turn:
        assert stage.database.turn.wait_for(lambda: stage.database.closed_watches, SECONDS)
    stage.database.size = 2
    assert stage.happened == ["beat 0"]
    stage.database.away = False
    assert stage.wait_for(3) == ["beat 0", "entries 1", "beat 1"]
    assert "the log cannot be followed: the database is away" in caplog.text


def test_entries_that_could_not_be_taken_come_again_before_any_heartbeat(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.follower.start()
    stage.wait_for(1)
    stage.failures = [ValueError("a defect of the consumer")]
    stage.now = 1.0
    stage.database.size = 2
    stage.database.signal()
    assert stage.wait_for(3) == ["beat 0", "entries 1", "beat 1"]
    assert "a defect of the consumer" in caplog.text


def test_start_is_refused_while_the_end_of_the_log_cannot_be_read(stage: Stage) -> None:
    stage.database.away = True
    with pytest.raises(Unavailable) as caught:
        stage.follower.start()
    assert caught.value.code == "unavailable"


def test_start_at_a_given_index_needs_no_look_at_the_database(stage: Stage) -> None:
    stage.database.away = True
    stage.follower.start(after=-1)
    stage.database.away = False
    assert stage.wait_for(2) == ["entries 0", "beat 0"]


def test_consumer_may_stop_the_follower_itself(stage: Stage) -> None:
    def stop(_: int) -> None:
        stage.follower.stop()
        stage.note("stopped")

    stage.follower._on_heartbeat = stop
    stage.follower.start()
    assert stage.wait_for(1) == ["stopped"]
    stage.follower._thread.join(SECONDS)
    assert not stage.follower._thread.is_alive()
    assert stage.database.closed_watches == 1


def test_follower_that_was_never_started_stops(stage: Stage) -> None:
    stage.follower.stop()
    assert stage.happened == []
