from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import TooManyRequests
from understudy.http import rate_limits
from understudy.http.rate_limits import PER_MINUTE, RateClass, RateLimits


class Timer:
    """Seconds that only tests let pass."""

    def __init__(self) -> None:
        self.now = 6_000.0

    def __call__(self) -> float:
        """The present second."""
        return self.now


def exhausted(limits: RateLimits, caller: str = "app_1") -> int:
    """How many calls of the strictest kind go through before one is refused."""
    done = 0
    while True:
        try:
            limits.count(RateClass.HEAVY, caller)
        except TooManyRequests:
            return done
        done += 1


def test_a_caller_gets_what_the_table_says() -> None:
    limits = RateLimits(multiplier=1, timer=Timer())
    assert exhausted(limits) == PER_MINUTE[RateClass.HEAVY]
    assert exhausted(limits, "app_2") == PER_MINUTE[RateClass.HEAVY]
    limits.count(RateClass.READ, "app_1")


def test_what_was_used_up_comes_back_little_by_little() -> None:
    timer = Timer()
    limits = RateLimits(multiplier=1, timer=timer)
    assert exhausted(limits) == 12
    timer.now += 60
    assert exhausted(limits) == 0
    timer.now += 30
    assert exhausted(limits) == 6
    timer.now += 180
    assert exhausted(limits) == 12


def test_the_refusal_says_how_long_to_wait() -> None:
    timer = Timer()
    limits = RateLimits(multiplier=1, timer=timer)
    exhausted(limits)
    timer.now += 12.5
    with pytest.raises(TooManyRequests) as refused:
        limits.count(RateClass.HEAVY, "app_1")
    assert refused.value.facts["retry_after_seconds"] == 48


def test_the_table_scales_and_switches_off() -> None:
    assert exhausted(RateLimits(multiplier=2, timer=Timer())) == 24
    assert exhausted(RateLimits(multiplier=0.001, timer=Timer())) == 1
    off = RateLimits(multiplier=0, timer=Timer())
    for _ in range(1000):
        off.count(RateClass.HEAVY, "app_1")


def test_what_has_no_class_is_not_counted() -> None:
    limits = RateLimits(multiplier=0.001, timer=Timer())
    for _ in range(1000):
        limits.count(RateClass.NONE, "app_1")


def test_wrong_credentials_stop_their_address_only() -> None:
    limits = RateLimits(multiplier=0.1, timer=Timer())
    for _ in range(3):
        limits.count_bad_credentials("192.0.2.1")
    with refusal_of(TooManyRequests, "too_many_requests", retry_after_seconds=60):
        limits.count_bad_credentials("192.0.2.1")
    limits.count_bad_credentials("192.0.2.2")


def test_a_flood_of_callers_is_forgotten_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limits, "MAX_COUNTED", 10)
    timer = Timer()
    limits = RateLimits(multiplier=1, timer=timer)
    for number in range(10):
        limits.count(RateClass.READ, f"early-{number}")
    timer.now += 120
    for number in range(25):
        limits.count(RateClass.READ, f"late-{number}")
    assert len(limits._counted) <= 10


def test_limits_as_a_weapon_unknown_tokens_use_up_a_budget_of_their_own() -> None:
    limits = RateLimits(multiplier=0.001, timer=Timer())
    own = round(PER_MINUTE[RateClass.UNKNOWN_TOKEN] * 0.001)
    for _ in range(own):
        limits.count(RateClass.SESSION, "app_1")
        limits.count_unknown_token(RateClass.SESSION, "app_1")
    limits.count(RateClass.SESSION, "app_1")
    with refusal_of(TooManyRequests, "too_many_requests", retry_after_seconds=60):
        limits.count_unknown_token(RateClass.SESSION, "app_1")
    for _ in range(60):
        limits.count(RateClass.SESSION, "app_1")
