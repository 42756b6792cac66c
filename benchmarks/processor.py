"""How much of the processor's time another process has taken."""

from __future__ import annotations

import subprocess
import sys
import time

_PROCESS_CLOCK = 2
"""``CPUCLOCK_SCHED`` of Linux: the time that a whole process, given by its id, was running."""


def processor_seconds(pid: int) -> float:
    """What ``pid`` has used so far, all its threads together."""
    if sys.platform == "linux":
        return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
    asked = ["ps", "-o", "time=", "-p", str(pid)]
    return from_ps(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def from_ps(text: str) -> float:
    """Seconds, from hours (where there are any), minutes and seconds as ``ps`` tells them."""
    seconds = 0.0
    for part in text.strip().split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
