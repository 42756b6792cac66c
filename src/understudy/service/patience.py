"""How long one connection is waited for: whoever neither sends nor reads is hung up on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

LOOK_SECONDS = 10.0
"""How often a request that is not whole yet is looked at."""
LEAST_BYTES = 10_240
"""What has to have come since the last look: a kilobyte a second, which any line carries."""
STALL_SECONDS = 30.0
"""How long a client may take nothing of what is sent to it."""


class Timer(Protocol):
    """Something that will be called, unless it is cancelled."""

    def cancel(self) -> None:
        """Call it never."""
        ...


class Line(Protocol):
    """The connection, as far as patience needs one."""

    def is_held(self) -> bool:
        """Whether it is us for whom the client waits: we do not read at the moment."""
        ...

    def hang_up(self) -> None:
        """Go, whatever is still to be sent."""
        ...


class Patience:
    """Of one connection. ``later`` is the event loop's ``call_later``.

    A client that holds back costs a connection and what it was sent, and nothing else: but there
    are only so many connections.
    """

    def __init__(self, line: Line, later: Callable[[float, Callable[[], None]], Timer]) -> None:
        self._line = line
        self._later = later
        self._request: Timer | None = None
        self._answer: Timer | None = None
        self._came = 0

    def expect(self, came: int = 0) -> None:
        """A request is under way, of which ``came`` bytes just did."""
        self._came += came
        if self._request is None:
            self._request = self._later(LOOK_SECONDS, self._look)

    def is_whole(self) -> None:
        """The request is there."""
        self._came = 0
        if self._request is not None:
            self._request.cancel()
            self._request = None

    def is_full(self) -> None:
        """The client takes nothing more."""
        if self._answer is None:
            self._answer = self._later(STALL_SECONDS, self._line.hang_up)

    def is_drained(self) -> None:
        """The client takes again."""
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None

    def end(self) -> None:
        """The connection is gone."""
        self.is_whole()
        self.is_drained()

    def _look(self) -> None:
        self._request = None
        if self._came < LEAST_BYTES and not self._line.is_held():
            self._line.hang_up()
            return
        self._came = 0
        self.expect()
