"""What the guard for Node costs each request of the app, in a process of Node.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.peers import process
from benchmarks.rounds import best, interleaved
from benchmarks.row import Row
from benchmarks.scale import Scale

NAMES = ("node-guard-no-cookie", "node-guard")
NO_COOKIE_BAR = 2.0
CHECK_BAR = 20.0
_PROGRAM = ("node", "packages/node/benchmarks/guard.ts")
# A clock that counts microseconds says little of a thousand calls that take one each.
_TIMES = 10


def rows(scale: Scale) -> Iterator[Row]:
    """No overlay cookie, through Express's middleware; a session in the cache."""
    calls = scale.calls * _TIMES
    with process.answering(_PROGRAM, "bare", "passing", "check", calls=calls) as measures:
        found = best(interleaved(scale.short_rounds, measures))
    yield Row(
        name="node-guard-no-cookie",
        what="added in Node to a request without overlay cookie",
        unit="µs",
        value=found["passing"] - found["bare"],
        at_most=NO_COOKIE_BAR,
    )
    yield Row(
        name="node-guard",
        what="check of a request in Node, session in cache",
        unit="µs",
        value=found["check"],
        at_most=CHECK_BAR,
    )
