"""What a receipt costs when the log has grown long, beside the same in a short one.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.installation import installed
from benchmarks.long_log import lengthen
from benchmarks.rounds import best, interleaved
from benchmarks.row import Row
from benchmarks.scale import Scale
from understudy.storage.engine.engine import StoreEngine

NAMES = ("receipt",)
BAR = 1.1


def rows(scale: Scale) -> Iterator[Row]:
    """A receipt of any entry: checkpoint verified, proof made, as text."""
    with ExitStack() as stack:
        short, long = (
            _Receipts(stack.enter_context(stack.enter_context(installed(users=1)).engine()), size)
            for size in (scale.short_log, scale.long_log)
        )
        measures = {
            "short": lambda: short.microseconds(scale.receipts),
            "long": lambda: long.microseconds(scale.receipts),
        }
        found = best(interleaved(scale.short_rounds, measures))
    yield Row(
        name="receipt",
        what=f"a receipt at {scale.long_log:,} entries, as a share of one at {scale.short_log:,}",
        unit="times",
        value=found["long"] / found["short"],
        at_most=BAR,
    )


class _Receipts:
    """Receipts from all over a log that is made ``size`` entries long."""

    def __init__(self, engine: StoreEngine, size: int) -> None:
        lengthen(engine, size)
        self._engine = engine
        self._size = size
        self._chance = random.Random(size)

    def microseconds(self, count: int) -> float:
        """Of the processor's time, for one of ``count`` receipts."""
        indexes = [self._chance.randrange(self._size) for _ in range(count)]
        begin = time.thread_time()
        for index in indexes:
            self._engine.receipt(index).to_bytes()
        return (time.thread_time() - begin) / count * 1e6
