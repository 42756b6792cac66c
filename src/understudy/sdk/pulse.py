"""Whether the service's news reach this process, so that its copies of sessions may be trusted."""

from __future__ import annotations

import math

FRESH_SECONDS = 5.0
"""How old the last beat of the event stream may be while sessions are served from the cache."""


class Pulse:
    """Written by the follower's thread, read by every request; single attributes, so no lock.

    ``generation`` counts connections of the stream, and changes of the rules. What was asked before
    one is not trusted after it: an ending in between may have been missed, a new rule not applied.
    """

    __slots__ = ("fresh_until", "generation")

    def __init__(self) -> None:
        self.generation = 0
        self.fresh_until = -math.inf

    def connected(self) -> None:
        """A stream begins, from which nothing has been heard yet."""
        self.fresh_until = -math.inf
        self.generation += 1

    def mistrust(self) -> None:
        """Whatever was asked up to now must be asked again, although the stream stands."""
        self.generation += 1

    def beat(self, now: float) -> None:
        """The stream said at ``now`` (by the machine's counter) that it has told everything."""
        self.fresh_until = now + FRESH_SECONDS
