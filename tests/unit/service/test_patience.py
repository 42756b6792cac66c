from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from understudy.service.patience import LEAST_BYTES, LOOK_SECONDS, STALL_SECONDS, Patience


@dataclass
class Timer:
    due: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Line:
    """A connection, and the time in which it lives."""

    held: bool = False
    gone: bool = False
    now: float = 0.0
    timers: list[Timer] = field(default_factory=list)

    def is_held(self) -> bool:
        return self.held

    def hang_up(self) -> None:
        self.gone = True

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self.now + seconds, call))
        return self.timers[-1]

    def passes(self, seconds: float) -> None:
        """Let the time pass, and call whatever falls due."""
        self.now += seconds
        for timer in [timer for timer in self.timers if timer.due <= self.now]:
            self.timers.remove(timer)
            if not timer.cancelled:
                timer.call()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def patience(line: Line) -> Iterator[Patience]:
    patience = Patience(line, line.later)
    yield patience
    patience.end()
    line.passes(10 * STALL_SECONDS)
    assert line.timers == []


def test_whoever_says_nothing_is_hung_up_on(line: Line, patience: Patience) -> None:
    patience.expect()
    line.passes(LOOK_SECONDS)
    assert line.gone


def test_drops_of_a_request_do_not_keep_a_connection(line: Line, patience: Patience) -> None:
    for _ in range(int(LOOK_SECONDS)):
        patience.expect(1)
        line.passes(1)
    assert line.gone


def test_a_slow_line_that_goes_on_is_waited_for(line: Line, patience: Patience) -> None:
    for _ in range(20):
        patience.expect(LEAST_BYTES)
        line.passes(LOOK_SECONDS)
    assert not line.gone


def test_a_client_that_waits_for_us_is_not_to_blame(line: Line, patience: Patience) -> None:
    patience.expect(1)
    line.held = True
    line.passes(LOOK_SECONDS)
    line.passes(LOOK_SECONDS)
    assert not line.gone
    line.held = False
    line.passes(LOOK_SECONDS)
    assert line.gone


def test_a_whole_request_may_take_as_long_as_it_takes(line: Line, patience: Patience) -> None:
    patience.expect(1)
    patience.is_whole()
    line.passes(100 * LOOK_SECONDS)
    assert not line.gone


def test_whoever_takes_nothing_is_hung_up_on_and_whoever_takes_again_is_not(
    line: Line, patience: Patience
) -> None:
    patience.is_full()
    patience.is_full()
    line.passes(STALL_SECONDS - 1)
    patience.is_drained()
    line.passes(STALL_SECONDS)
    assert not line.gone
    patience.is_full()
    line.passes(STALL_SECONDS)
    assert line.gone
