"""The common part of peers that are measured in a process of their own.

Such a program reads lines like ``call 40``: what to do, and how often. It answers each with the
processor time that once took, in microseconds.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable


def answer_rounds(**measures: Callable[[], object]) -> None:
    """Measure what is asked for, until nobody asks any more."""
    for measure in measures.values():
        measure()  # what is slow only once is not counted
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        name, number = line.split()
        sys.stdout.write(f"{_per_call(measures[name], int(number))}\n")
        sys.stdout.flush()


def _per_call(call: Callable[[], object], number: int) -> float:
    begin = time.thread_time()
    for _ in range(number):
        call()
    return (time.thread_time() - begin) / number * 1e6
