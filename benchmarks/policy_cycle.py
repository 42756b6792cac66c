"""The cycle of ``cycles`` with a hundred policies in force and without any, measured in turn."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import partial

from benchmarks.builds import build
from benchmarks.policy_text import POLICIES
from benchmarks.rounds import interleaved
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale

NAMES = ("cycles-policies", "cost-policies")
BAR = 0.95
"""What is left of the rate without policies, and of its cheapness, at least."""


def rows(scale: Scale) -> Iterator[Row]:
    """One worker on SQLite for each."""
    with build(policies=True) as asking, build() as bare:
        measures = {"asking": partial(asking.measure, scale), "bare": partial(bare.measure, scale)}
        for measure in measures.values():
            measure()  # what starts cold gets warm before it counts
        found = interleaved(scale.rounds, measures)
    rates = {name: statistics.median(one.per_second for one in of) for name, of in found.items()}
    # Of the rounds the cheapest counts: neighbours can only make processor time longer.
    costs = {name: min(one.cost for one in of) for name, of in found.items()}
    yield Row(
        name="cycles-policies",
        what=f"start + exchange + end with {POLICIES} policies, SQLite",
        unit="cycles/s",
        value=rates["asking"],
        more_is_better=True,
        peers=(Peer(name="without policies", value=rates["bare"], at_least=BAR),),
    )
    yield Row(
        name="cost-policies",
        what="the service's processor time for one of them",
        unit="µs",
        value=costs["asking"],
        peers=(Peer(name="without policies", value=costs["bare"], at_least=BAR),),
    )
