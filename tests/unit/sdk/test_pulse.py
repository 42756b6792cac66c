"""Whether news arrive."""

from __future__ import annotations

from understudy.sdk.pulse import FRESH_SECONDS, Pulse


def test_nothing_is_fresh_before_the_first_beat() -> None:
    assert Pulse().fresh_until < 0


def test_a_beat_is_good_for_five_seconds() -> None:
    pulse = Pulse()
    pulse.beat(100.0)
    assert pulse.fresh_until == 100.0 + FRESH_SECONDS == 105.0


def test_a_new_connection_starts_a_generation_in_which_nothing_was_heard() -> None:
    pulse = Pulse()
    pulse.beat(100.0)
    pulse.connected()
    assert pulse.generation == 1
    assert pulse.fresh_until < 0
