"""How much is measured: enough to judge by, or just enough to see that everything runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scale:
    """``peers`` is false where nobody else is to be measured.

    Ours and theirs are taken in turn: ``rounds`` of load, ``seconds`` each; ``pairs`` of shorter
    ones, ``pair_seconds`` each, where a small difference matters; in process ``short_rounds`` of
    ``calls``, or of ``peer_calls`` where one takes a hundred times as long. ``groups`` are the
    transactions of one round.

    ``falls`` is how often each premise of a session falls, and ``premises`` how many of them do, at
    the most. ``cut_seconds`` is how long the network
    stays cut, ``settle_seconds`` how long a service that was just started is left alone.
    ``arrivals`` are the times that the dashboard is opened.

    ``long_log`` and ``short_log`` are the entries of two logs whose costs are compared, and
    ``receipts`` those of one round. ``few_people`` and ``many_people`` are the users of two
    directories that are searched.
    """

    peers: bool = True
    rounds: int
    pairs: int
    pair_seconds: float
    short_rounds: int
    calls: int
    peer_calls: int
    groups: int
    seconds: float
    revocations: int
    cuts: int
    falls: int
    premises: int
    cut_seconds: float
    settle_seconds: float
    arrivals: int
    short_log: int
    long_log: int
    receipts: int
    few_people: int
    many_people: int


FULL = Scale(
    rounds=7,
    pairs=25,
    pair_seconds=0.3,
    short_rounds=60,
    calls=1000,
    peer_calls=40,
    groups=8,
    seconds=1.5,
    revocations=200,
    cuts=3,
    falls=5,
    premises=1_000,
    cut_seconds=8.0,
    settle_seconds=3.0,
    arrivals=5,
    short_log=10_000,
    long_log=5_000_000,
    receipts=100,
    few_people=10_000,
    many_people=200_000,
)
SMOKE = Scale(
    peers=False,
    rounds=2,
    pairs=2,
    pair_seconds=0.05,
    short_rounds=2,
    calls=20,
    peer_calls=2,
    groups=1,
    seconds=0.1,
    revocations=3,
    cuts=1,
    falls=1,
    premises=2,
    cut_seconds=0.3,
    settle_seconds=0.0,
    arrivals=1,
    short_log=600,
    long_log=2_000,
    receipts=2,
    few_people=50,
    many_people=200,
)
"""No figure of such a run means anything."""
