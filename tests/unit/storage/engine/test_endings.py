from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.rules.world import HERE, World, world
from tests.contract.storage.engines import SECONDS
from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.endings import Proof
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import Flow, Unit
from understudy.errors import EndedHereOnly, EndedNotSaved, NotFound, StorageBusy, StorageFull
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.open_session import OpenSession
from understudy.storage.endings.slots import SlotFile
from understudy.storage.engine import endings as module


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made:
        yield made


def revoking(opened: OpenSession) -> Flow[Session]:
    return lambda unit: end(unit, opened.session.id, cause=EndCause.REVOKED, by=SYSTEM, origin=HERE)


@contextmanager
def busy(place: World) -> Iterator[None]:
    """The writer is at work on something else."""
    entered, released = threading.Event(), threading.Event()

    def works(_: Unit) -> None:
        entered.set()
        released.wait(SECONDS)

    future = place.engine.submit(works)
    assert entered.wait(SECONDS)
    try:
        yield
    finally:
        released.set()
        future.result(SECONDS)


@contextmanager
def refusing(place: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every transaction fails."""

    def full(*_: object, **__: object) -> None:
        raise StorageFull

    with monkeypatch.context() as patched:
        patched.setattr(type(place.engine._database), "writing", full)
        yield


def test_the_writer_is_tried_first(place: World) -> None:
    ended = place.engine.endings.end(revoking(place.session()), proven=Proof.SECRET)
    assert (ended.logged, ended.value.end_cause) == (True, EndCause.REVOKED)
    assert not place.engine.endings.spool.pending()


def test_an_ending_waits_no_longer_than_a_second_and_is_written_once(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ENDING_SECONDS", 0.01)
    opened = place.session()
    place.engine.endings.replays.stop()
    with busy(place):
        ended = place.engine.endings.end(revoking(opened), proven=Proof.SECRET)
        assert (ended.logged, ended.value.end_cause) == (False, EndCause.REVOKED)
        with place.engine.reading() as reader:
            assert reader.sessions.count_live() == 0
    place.engine.endings.replays.once()
    assert len(place.entries(EventType.SESSION_REVOKED)) == 1
    assert place.engine.endings.is_logged()


def test_both_ways_leave_the_same_row_so_that_the_second_writes_nothing(place: World) -> None:
    opened, at = place.session(), place.clock()
    place.engine.endings.replays.stop()
    rehearsed = place.engine.endings.rehearse(revoking(opened), at=at, proven=Proof.SECRET)
    place.clock.forward(seconds=2)
    # The writer was slow to say yes, and its caller had gone on without it.
    place.run(module.as_of(revoking(opened), at))
    place.engine.endings.keep(rehearsed.endings)
    place.engine.endings.replays.once()
    assert place.stored(opened).ended_at == at
    assert len(place.entries(EventType.SESSION_REVOKED)) == 1
    assert not place.entries(EventType.ENDING_LATE)


def test_a_full_queue_keeps_no_ending_from_taking_effect(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageBusy

    opened = place.session()
    place.engine.endings.replays.stop()
    with monkeypatch.context() as patched:
        patched.setattr(place.engine.writer, "submit_all", full)
        ended = place.engine.endings.end(revoking(opened), proven=Proof.SECRET)
    assert not ended.logged
    assert place.stored(opened).end_cause is EndCause.REVOKED


def test_a_change_that_is_not_written_says_what_became_of_the_sessions(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    endings, opened = place.engine.endings, place.session()
    assert endings.run_ending(lambda unit: unit.now, proven=Proof.SECRET) == place.clock()
    with refusing(place, monkeypatch):
        with refusal_of(StorageFull, "storage_full"):
            endings.run_ending(lambda unit: unit.now, proven=Proof.SECRET)
        with refusal_of(EndedNotSaved, "ended_not_saved"):
            endings.run_ending(revoking(opened), proven=Proof.SECRET)
        assert place.stored(opened).end_cause is EndCause.REVOKED


def test_what_would_have_been_refused_is_not_said_to_have_ended_anything(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Unit) -> None:
        raise NotFound

    with refusing(place, monkeypatch), refusal_of(StorageFull, "storage_full"):
        place.engine.endings.run_ending(refused, proven=Proof.SECRET)


def test_where_no_disk_takes_it_either_it_holds_in_memory_and_says_so(
    place: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    opened = place.session()
    monkeypatch.setattr(SlotFile, "put", no_room)
    with refusing(place, monkeypatch), refusal_of(EndedHereOnly, "ended_here_only"):
        place.engine.endings.run_ending(revoking(opened), proven=Proof.SECRET)
    assert place.stored(opened).end_cause is EndCause.REVOKED
