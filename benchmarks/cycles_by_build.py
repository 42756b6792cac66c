"""The cycle of ``cycles``, by this build and by the one of 2026-11-22, measured in turn."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.builds import BEFORE, Build, Figures, build, checked_out
from benchmarks.cycles import CALLERS
from benchmarks.postgresql import postgresql_server
from benchmarks.rounds import interleaved
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale
from benchmarks.servers import ROOT

SQLITE_NAMES = ("cycles-sqlite", "cost-sqlite")
POSTGRESQL_NAMES = (
    "cycles-postgresql-1",
    "cost-postgresql-1",
    "cycles-postgresql-2",
    "cost-postgresql-2",
    "cycles-postgresql-4",
    "cost-postgresql-4",
)
SQLITE_BAR = 2.0
POSTGRESQL_BAR = 2.5
WORKERS_BAR = 0.9
"""How much of one worker's rate several reach at least, on a machine with two cores."""
_WORKERS = (1, 2, 4)
_NOW, _BEFORE = "now", "before"
_Found = Mapping[str, Sequence[Figures]]


def sqlite_rows(scale: Scale) -> Iterator[Row]:
    """One worker on SQLite."""
    with ExitStack() as stack:
        builds = {
            when: stack.enter_context(build(tree)) for when, tree in _trees(scale, stack).items()
        }
        found = _measured(builds, scale)
    yield _rate("cycles-sqlite", "SQLite, 1 worker", found, _before(found, at_least=SQLITE_BAR))
    yield _cost("cost-sqlite", "SQLite, 1 worker", found)


def postgresql_rows(scale: Scale) -> Iterator[Row]:
    """One, two and four workers on PostgreSQL, each with a database of its own."""
    with ExitStack() as stack:
        trees = _trees(scale, stack)
        database = stack.enter_context(postgresql_server())
        builds = {
            f"{when} {workers}": stack.enter_context(
                build(tree, workers=workers, database_url=stack.enter_context(database()))
            )
            for workers in _WORKERS
            for when, tree in trees.items()
        }
        found = _measured(builds, scale)
    one = Peer(
        name="one worker",
        value=_median_rate(found[f"{_NOW} 1"]),
        at_least=WORKERS_BAR,
    )
    for workers in _WORKERS:
        own = {when: found[f"{when} {workers}"] for when in trees}
        what = f"PostgreSQL, {workers} worker{'s' * (workers > 1)}"
        peers = (_before(own), one) if workers > 1 else (_before(own, at_least=POSTGRESQL_BAR),)
        yield _rate(f"cycles-postgresql-{workers}", what, own, *peers)
        yield _cost(f"cost-postgresql-{workers}", what, own)


def _trees(scale: Scale, stack: ExitStack) -> dict[str, Path]:
    """Where this build is, and the earlier one if the history holds it."""
    before = stack.enter_context(checked_out(BEFORE)) if scale.peers else None
    return {_NOW: ROOT} | ({} if before is None else {_BEFORE: before})


def _measured(builds: Mapping[str, Build], scale: Scale) -> _Found:
    measures: dict[str, Callable[[], Figures]] = {
        name: partial(one.measure, scale) for name, one in builds.items()
    }
    for measure in measures.values():
        measure()  # what starts cold gets warm before it counts
    return interleaved(scale.rounds, measures)


def _rate(name: str, what: str, found: _Found, *peers: Peer) -> Row:
    return Row(
        name=name,
        what=f"start + exchange + end, {CALLERS} callers, {what}",
        unit="cycles/s",
        value=_median_rate(found[_NOW]),
        more_is_better=True,
        peers=peers,
    )


def _cost(name: str, what: str, found: _Found) -> Row:
    """Of the rounds the cheapest counts: neighbours can only make processor time longer."""
    return Row(
        name=name,
        what=f"the service's processor time for one of them, {what}",
        unit="µs",
        value=_least_cost(found[_NOW]),
        peers=(_peer(found, _least_cost),),
    )


def _before(found: _Found, *, at_least: float | None = None) -> Peer:
    return _peer(found, _median_rate, at_least=at_least)


def _peer(
    found: _Found, figure: Callable[[Sequence[Figures]], float], *, at_least: float | None = None
) -> Peer:
    return Peer(
        name="the build of 2026-11-22",
        value=figure(found[_BEFORE]) if _BEFORE in found else None,
        at_least=at_least,
        absent="not in the history",
    )


def _median_rate(rounds: Sequence[Figures]) -> float:
    return statistics.median(one.per_second for one in rounds)


def _least_cost(rounds: Sequence[Figures]) -> float:
    return min(one.cost for one in rounds)
