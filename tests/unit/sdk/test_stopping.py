"""Hearing that the server was told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from understudy.sdk import stopping
from understudy.sdk.stopping import heed, let_go, woken


@pytest.fixture(autouse=True)
def handlers() -> Iterator[list[int]]:
    """The signals that a server heard, whose handlers these are."""
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda number, frame: heard.append(number))
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)
    let_go()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_hears_first_and_then_whoever_waits(
    handlers: list[int], number: signal.Signals
) -> None:
    order: list[object] = []
    with woken(lambda: order.append(list(handlers))):
        signal.raise_signal(number)
    assert order == [[number]]
    assert handlers == [number]
    let_go()
    signal.raise_signal(number)
    assert (order, handlers) == ([[number]], [number, number])


def test_what_is_opened_while_the_server_stops_is_told_at_once(
    handlers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    heed()
    signal.raise_signal(signal.SIGINT)
    with woken(lambda: told.append(1)):
        assert told == [1]
    # It did not stop after all.
    monkeypatch.setattr(stopping, "STOPPING_SECONDS", 0.0)
    with woken(lambda: told.append(2)):
        assert told == [1]


def test_standing_behind_a_handler_twice_hears_once(handlers: list[int]) -> None:
    told: list[int] = []
    heed()
    with woken(lambda: told.append(1)):
        heed()
        signal.raise_signal(signal.SIGINT)
    assert (handlers, told) == ([signal.SIGINT], [1])


def test_an_interrupt_is_still_raised(handlers: list[int]) -> None:
    told: list[int] = []
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt), woken(lambda: told.append(1)):
        signal.raise_signal(signal.SIGINT)
    assert told == [1]


def test_where_nobody_handles_a_signal_nobody_begins_to() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    heed()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_thread_other_than_the_main_one_sets_no_handler() -> None:
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=heed)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_process_without_masks_of_signals_is_woken_all_the_same(
    handlers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask")
    told: list[int] = []
    with woken(lambda: told.append(1)):
        signal.raise_signal(signal.SIGTERM)
    assert told == [1]
