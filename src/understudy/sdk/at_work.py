"""Whether anybody works as somebody else in this process at all, whatever request it is about."""

from __future__ import annotations

from typing import Protocol
from weakref import WeakSet


class Place(Protocol):
    """Where sessions are served."""

    def is_busy(self) -> bool:
        """Whether a session is served there, or what one has left may still be waiting."""


class AtWork:
    """The places of one process. ``ever`` once a session was served in any of them."""

    def __init__(self) -> None:
        self.ever = False
        self._places: WeakSet[Place] = WeakSet()

    def begins(self, place: Place) -> None:
        """A session is served at ``place``."""
        self.ever = True
        self._places.add(place)

    def leaves(self, place: Place) -> None:
        """Nothing is served at ``place`` any more."""
        self._places.discard(place)

    def anybody(self) -> bool:
        """Whether a session is, or was a moment ago, at work anywhere in this process."""
        return any(place.is_busy() for place in list(self._places))


AT_WORK = AtWork()
