"""The loop of a process."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

import pytest

from tests.unit.embedded.mount.conftest import Service
from understudy.embedded import greenlets
from understudy.embedded.mount.loop import Loops
from understudy.embedded.mount.streams import OF_THREADS, Streams, most_held
from understudy.errors import Unavailable


async def nothing(_: Any, __: Any, ___: Any) -> None:
    """Serves nobody."""


class Installation:
    """One whose service is made anew each time, ``failing`` the first ones."""

    def __init__(self, failing: int = 0) -> None:
        self.made: list[Service] = []
        self.stops: list[Any] = []
        self._failing = failing

    def service(self) -> Service:
        """A service that has not begun."""
        if self._failing:
            self._failing -= 1
            raise Unavailable
        self.made.append(Service(nothing))
        return self.made[-1]

    def before_close(self, stop: Any) -> None:
        """To be called then."""
        self.stops.append(stop)

    def close(self) -> None:
        """Stop all."""
        while self.stops:
            self.stops.pop()()


def test_threads_that_come_first_begin_one_loop_among_them() -> None:
    installation = Installation()
    loops = Loops(installation)  # type: ignore[arg-type]
    found: list[object] = []
    callers = [threading.Thread(target=lambda: found.append(loops.loop())) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert (len(set(map(id, found))), [made.started for made in installation.made]) == (1, [1])
    installation.close()


def test_a_loop_that_has_ended_is_begun_anew_and_what_failed_is_tried_again() -> None:
    installation = Installation(failing=1)
    loops = Loops(installation)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        loops.loop()
    first = loops.loop()
    installation.close()
    assert first.ended
    assert loops.loop() is not first
    installation.close()


def test_a_child_of_a_fork_has_a_loop_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    installation = Installation()
    loops = Loops(installation)  # type: ignore[arg-type]
    first = loops.loop()
    pid = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)
    assert loops.loop() is not first
    assert not first.ended
    installation.close()


def test_greenlets_that_run_while_the_loop_waits_find_no_loop_running() -> None:
    seen: list[object] = []

    def select(_: float | None) -> list[Any]:
        seen.append(asyncio._get_running_loop())
        return []

    async def waiting() -> None:
        assert greenlets.unseen(select)(None) == []
        assert asyncio._get_running_loop() is asyncio.get_running_loop()

    asyncio.run(waiting())
    assert seen == [None]


def test_streams_never_take_all_threads_of_a_process() -> None:
    streams = Streams()
    assert not streams.hold(most_held(has_threads=False))
    held = [streams.hold(most_held(has_threads=True)) for _ in range(OF_THREADS + 1)]
    assert held == [True] * OF_THREADS + [False]
    streams.let_go()
    assert streams.hold(most_held(has_threads=True))
