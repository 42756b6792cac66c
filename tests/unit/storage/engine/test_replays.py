from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.storage.engines import SECONDS
from tests.fixtures.endings import ending, keyed_hash
from understudy.core.impersonation.endings import Ending
from understudy.core.ports import Flow
from understudy.errors import StorageFull
from understudy.storage.endings.spool import Spool
from understudy.storage.engine import replays as module
from understudy.storage.engine.replays import Replays


class Log:
    """A writer that can be made to refuse; it counts what it is asked for."""

    def __init__(self) -> None:
        self.refuses = False
        self.asked = 0
        self.more: list[bool] = []
        self.tried = threading.Event()

    def __call__(self, flow: Flow[bool]) -> bool:
        self.asked += 1
        self.tried.set()
        if self.refuses:
            raise StorageFull
        return self.more.pop() if self.more else False


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "endings", keyed_hash, random=os.urandom)
    made.open()
    yield made
    made.close()


def test_what_is_pending_is_written_in_order_and_told(spool: Spool) -> None:
    log, done = Log(), list[Ending]()
    first, second = ending(ref="ses_1"), ending(ref="ses_2")
    spool.keep([first, second])
    Replays(spool, log, done=done.append).once()
    assert done == [first, second]
    assert not spool.pending()


def test_an_ending_of_many_is_written_in_slices(spool: Spool) -> None:
    log = Log()
    log.more = [True, True]
    spool.keep([ending()])
    Replays(spool, log, done=lambda _: None).once()
    assert log.asked == 3


def test_it_is_tried_again_until_the_log_takes_it(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    log, written = Log(), threading.Event()
    log.refuses = True
    replays = Replays(spool, log, done=lambda _: written.set())
    spool.keep([ending()])
    replays.wake()
    assert log.tried.wait(SECONDS)
    log.refuses = False
    replays.wake()
    assert written.wait(SECONDS)
    replays.stop()
    assert [record.__dict__["action"] for record in caplog.records] == ["wait_for_log"]


def test_nothing_is_begun_for_nothing_nor_after_the_end(spool: Spool) -> None:
    log = Log()
    replays = Replays(spool, log, done=lambda _: None)
    replays.wake()
    replays.stop()
    spool.keep([ending()])
    replays.wake()
    assert log.asked == 0
    assert len(spool.pending()) == 1
