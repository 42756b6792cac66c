"""How often anybody may call what, in one table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, RateLimiter

from understudy.errors import TooManyRequests


class RateClass(StrEnum):
    """What a call costs."""

    SIGN_IN = "sign_in"
    PUBLIC = "public"
    READ = "read"
    WRITE = "write"
    SESSION = "session"
    HEAVY = "heavy"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Calls a minute for each caller: a principal where there is one, else an address.

    ``strict`` counts a sliding minute; otherwise the clock's minutes are counted, which costs less.
    """

    per_minute: int
    strict: bool = False


RATES: dict[RateClass, Rate] = {
    RateClass.SIGN_IN: Rate(per_minute=20, strict=True),
    RateClass.HEAVY: Rate(per_minute=12, strict=True),
    RateClass.PUBLIC: Rate(per_minute=1_200),
    RateClass.READ: Rate(per_minute=3_000),
    RateClass.WRITE: Rate(per_minute=1_200),
    # Guards call these for every session and for every batch of actions.
    RateClass.SESSION: Rate(per_minute=60_000),
}
BAD_CREDENTIALS = Rate(per_minute=30, strict=True)
"""Wrong application credentials from one address."""


class RateLimits:
    """Counts calls in this process. ``multiplier`` scales the table; 0 switches it off."""

    def __init__(self, *, multiplier: float, timer: Callable[[], float]) -> None:
        storage = MemoryStorage()
        self._strict = MovingWindowRateLimiter(storage)
        self._simple = FixedWindowRateLimiter(storage)
        self._timer = timer
        self._on = multiplier > 0
        self._items = {
            rate_class: (self._limiter(rate), _item(rate, multiplier))
            for rate_class, rate in RATES.items()
        }
        self._bad = _item(BAD_CREDENTIALS, multiplier)

    def count(self, rate_class: RateClass, caller: str) -> None:
        """Count one call.

        :raises TooManyRequests: when it is one too many.
        """
        found = self._items.get(rate_class)
        if not self._on or found is None:
            return
        limiter, item = found
        if not limiter.hit(item, rate_class.value, caller):
            raise self._refusal(limiter, item, rate_class.value, caller)

    def count_bad_credentials(self, address: str) -> None:
        """Count credentials that were wrong."""
        if self._on:
            self._strict.hit(self._bad, "bad credentials", address)

    def require_credible(self, address: str) -> None:
        """Return only if not too many wrong credentials came from ``address`` of late.

        :raises TooManyRequests: otherwise.
        """
        if self._on and not self._strict.test(self._bad, "bad credentials", address):
            raise self._refusal(self._strict, self._bad, "bad credentials", address)

    def _limiter(self, rate: Rate) -> RateLimiter:
        return self._strict if rate.strict else self._simple

    def _refusal(
        self, limiter: RateLimiter, item: RateLimitItem, *identifiers: str
    ) -> TooManyRequests:
        reset = limiter.get_window_stats(item, *identifiers).reset_time
        seconds = max(1, math.ceil(reset - self._timer()))
        return TooManyRequests(
            f"Too many requests. Try again in {seconds} seconds.",
            facts={"retry_after_seconds": seconds},
        )


def _item(rate: Rate, multiplier: float) -> RateLimitItem:
    return RateLimitItemPerMinute(max(1, round(rate.per_minute * multiplier)))
