"""How much is measured: enough to judge by, or just enough to see that everything runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scale:
    """``peers`` is false where nobody else is to be measured.

    ``rounds`` are repeated with ours and the peers' in turn; ``calls`` are timed in one round in
    process, ``seconds`` is how long one round of load lasts. ``cut_seconds`` is how long the
    network stays cut.
    """

    peers: bool = True
    rounds: int
    calls: int
    seconds: float
    revocations: int
    cuts: int
    cut_seconds: float
    settle_seconds: float


FULL = Scale(
    rounds=9,
    calls=2000,
    seconds=2.0,
    revocations=200,
    cuts=3,
    cut_seconds=8.0,
    settle_seconds=3.0,
)
SMOKE = Scale(
    peers=False,
    rounds=2,
    calls=20,
    seconds=0.1,
    revocations=3,
    cuts=1,
    cut_seconds=0.3,
    settle_seconds=0.0,
)
"""No figure of such a run means anything."""
