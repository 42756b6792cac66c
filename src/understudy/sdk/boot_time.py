"""Seconds that nobody sets, and that also count while the machine sleeps."""

from __future__ import annotations

import time
from functools import partial

COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux has one; elsewhere the monotonic clock is next best, and may stand still in a sleep."""

# No function of our own: the guard asks several times for each request.
seconds_since_boot = partial(time.clock_gettime, COUNTER)
"""How long ago the machine was started: a lease runs out by it, asleep or not."""
