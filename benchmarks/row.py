"""One measured line: a value, what it is measured against, and the bar it has to clear."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Somebody else's figure from the same run, in the row's unit; None when it is not there.

    ``at_least`` is how many times better than the peer the row has to be, if that is its bar;
    ``absent`` says why there is no figure.
    """

    name: str
    value: float | None
    at_least: float | None = None
    absent: str = "not installed"


@dataclass(frozen=True, kw_only=True)
class Row:
    """``value`` in ``unit``; ``at_most`` is the bar where it is a fixed one.

    ``more_is_better`` is true of rates; everything else is a cost.
    """

    name: str
    what: str
    unit: str
    value: float
    at_most: float | None = None
    peers: tuple[Peer, ...] = ()
    more_is_better: bool = False

    def times_better(self, peer: Peer) -> float | None:
        """How many times better than ``peer``: above 1 is better, whatever the unit."""
        if peer.value is None or not (self.value and peer.value):
            return None
        return self.value / peer.value if self.more_is_better else peer.value / self.value

    def clears(self, peer: Peer) -> bool | None:
        """Whether the bar that ``peer`` sets holds; None when it sets none, or is absent."""
        times = self.times_better(peer)
        return None if times is None or peer.at_least is None else times >= peer.at_least

    @property
    def kept(self) -> bool | None:
        """Whether every bar holds; None when there was none to judge by."""
        verdicts = [self.clears(peer) for peer in self.peers]
        if self.at_most is not None:
            verdicts.append(self.value <= self.at_most)
        known = [verdict for verdict in verdicts if verdict is not None]
        return all(known) if known else None
