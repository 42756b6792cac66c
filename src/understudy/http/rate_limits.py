"""How often anybody may call what, in one table.

Calls are counted in this process, in a sliding minute that is approximated by two fixed ones: the
last minute's count fades out while the present one's grows. That is cheap (one look-up and one
addition a call) and never lets more than a few percent too many through.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from understudy.errors import TooManyRequests

WINDOW_SECONDS = 60.0
MAX_COUNTED = 100_000
"""Callers that are remembered at once; beyond that the quiet ones are forgotten."""


class RateClass(StrEnum):
    """What a call costs. ``NONE`` is for what always works for whoever proved who they are: ending,
    revoking, cancelling, signing out, recording.
    """

    SIGN_IN = "sign_in"
    PUBLIC = "public"
    READ = "read"
    WRITE = "write"
    SESSION = "session"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105  # a class of calls
    HEAVY = "heavy"
    NONE = "none"


PER_MINUTE: dict[RateClass, int] = {
    RateClass.SIGN_IN: 20,
    RateClass.HEAVY: 12,
    RateClass.PUBLIC: 1_200,
    RateClass.READ: 3_000,
    RateClass.WRITE: 1_200,
    # Guards call these for every session and for every batch of actions.
    RateClass.SESSION: 60_000,
    # Tokens that were nobody's, which any stranger can make up and have an application ask about.
    RateClass.UNKNOWN_TOKEN: 6_000,
}
"""Calls a minute for each caller: an operator or application if there is one, else an address."""

BAD_CREDENTIALS_PER_MINUTE = 30
"""Wrong credentials from one address, before any more of them are answered otherwise."""
_BAD = "bad credentials"


@dataclass(slots=True)
class _Counted:
    window: int
    now: int = 0
    before: int = 0


class RateLimits:
    """``multiplier`` scales the table, 0 switches it off; ``timer`` is monotonic, in seconds."""

    def __init__(self, *, multiplier: float, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._limits = {
            rate_class.value: max(1, round(number * multiplier))
            for rate_class, number in PER_MINUTE.items()
        }
        self._limits[_BAD] = max(1, round(BAD_CREDENTIALS_PER_MINUTE * multiplier))
        self._on = multiplier > 0
        self._counted: dict[tuple[str, str], _Counted] = {}

    def count(self, rate_class: RateClass, caller: str) -> None:
        """Count one call.

        :raises TooManyRequests: when it is one too many; then it is not counted.
        """
        if rate_class is RateClass.NONE or not self._on:
            return
        # In this order: whoever is refused and tries again at once is not locked out for longer and
        # longer.
        self._require(rate_class.value, caller)
        self._add(rate_class.value, caller)

    def count_unknown_token(self, counted: RateClass, caller: str) -> None:
        """Move one call, which turned out to ask about nobody's token, to a budget of its own.

        :raises TooManyRequests: that budget is used up; the caller's ``counted`` is not.
        """
        found = self._counted.get((counted.value, caller))
        if found is not None and found.now > 0:
            found.now -= 1
        self.count(RateClass.UNKNOWN_TOKEN, caller)

    def count_bad_credentials(self, address: str) -> None:
        """Count credentials that were wrong. Right ones are never asked how many others were.

        They have 256 bits, so that nobody is served for guessing; to refuse right ones would hand
        everybody behind the same address, with their revocations, to whoever sends wrong ones.

        :raises TooManyRequests: when these are too many of late.
        """
        if self._on:
            self._require(_BAD, address)
            self._add(_BAD, address)

    def _require(self, kind: str, caller: str) -> None:
        found = self._counted.get((kind, caller))
        if found is None:
            return
        window, elapsed = divmod(self._timer(), WINDOW_SECONDS)
        self._roll(found, int(window))
        share = 1 - elapsed / WINDOW_SECONDS
        if found.now + found.before * share + 1 <= self._limits[kind]:
            return
        seconds = max(1, math.ceil(WINDOW_SECONDS - elapsed))
        raise TooManyRequests(
            f"Too many requests. Try again in {seconds} seconds.",
            facts={"retry_after_seconds": seconds},
        )

    def _add(self, kind: str, caller: str) -> None:
        window = int(self._timer() // WINDOW_SECONDS)
        found = self._counted.get((kind, caller))
        if found is None:
            if len(self._counted) >= MAX_COUNTED:
                self._forget(window)
            found = self._counted[kind, caller] = _Counted(window)
        self._roll(found, window)
        found.now += 1

    def _roll(self, counted: _Counted, window: int) -> None:
        if counted.window == window:
            return
        counted.before = counted.now if counted.window == window - 1 else 0
        counted.now = 0
        counted.window = window

    def _forget(self, window: int) -> None:
        self._counted = {
            key: counted for key, counted in self._counted.items() if counted.window == window
        }
        if len(self._counted) >= MAX_COUNTED:
            # A flood from many addresses at once: better to begin anew than to run out of memory.
            self._counted.clear()
