from __future__ import annotations

import time

from understudy.sdk.boot_time import seconds_since_boot
from understudy.sdk.recorder import Recorder
from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway


def test_leases_run_out_by_a_counter_that_goes_on_while_the_machine_sleeps() -> None:
    assert seconds_since_boot.args == (time.CLOCK_BOOTTIME,)
    before = seconds_since_boot()
    assert before <= seconds_since_boot() <= before + 60
    understudy = Understudy.remote("http://127.0.0.1:1", "app_1", "usk_1")
    try:
        assert understudy.runtime().monotonic is seconds_since_boot
    finally:
        understudy.close()


def test_what_waits_is_given_up_by_the_same_counter() -> None:
    recorder = Recorder(gateway=FakeGateway(), new_key=lambda: "key")
    assert recorder._monotonic is seconds_since_boot
    recorder.close(0)
