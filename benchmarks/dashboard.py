"""The page where operators arrive, on a slow phone: this build against an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from statistics import median

from benchmarks import earlier_dashboard
from benchmarks.arrival import Arrival, arrivals
from benchmarks.builds import BEFORE
from benchmarks.rounds import interleaved
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale
from understudy.service.dashboard import STATIC

NAMES = ("dashboard-paint", "dashboard-requests", "dashboard-transfer")
PAINT_BAR = 0.65
"""Of the earlier build's time."""
_PEER = f"the build of {BEFORE[:7]} (needs the history, and Node)"
_Figure = Callable[[Arrival], float]


def rows(scale: Scale) -> Iterator[Row]:
    """Time to the first paint, and what was fetched until the page came to rest."""
    with ExitStack() as stack:
        folders = {"ours": STATIC}
        earlier = stack.enter_context(earlier_dashboard.built()) if scale.peers else None
        if earlier is not None:
            folders["earlier"] = earlier
        measures = {name: stack.enter_context(arrivals(at)) for name, at in folders.items()}
        found = interleaved(scale.arrivals, measures)
    yield from _rows(found["ours"], found.get("earlier"))


def _rows(ours: Sequence[Arrival], earlier: Sequence[Arrival] | None) -> Iterator[Row]:
    def row(name: str, what: str, unit: str, figure: _Figure, bar: float | None = None) -> Row:
        theirs = None if earlier is None else median(map(figure, earlier))
        peer = Peer(name=_PEER, value=theirs, at_least=bar)
        return Row(name=name, what=what, unit=unit, value=median(map(figure, ours)), peers=(peer,))

    paint, requests, transfer = NAMES
    yield row(
        paint, "users page, slow phone: first paint", "ms", lambda one: one.paint, 1 / PAINT_BAR
    )
    yield row(requests, "that page, until it rests", "requests", lambda one: one.requests)
    yield row(transfer, "that page, until it rests", "kB", lambda one: one.kilobytes)
