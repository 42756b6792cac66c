"""The access log of the process: lines as `JsonLines` makes them, each by one encoding."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import msgspec

from understudy.http.access_log import AccessLine, duration_ms, logger, message
from understudy.service.logs import TIME_FORMAT, redact


class _Line(msgspec.Struct, frozen=True, gc=False):
    """The members of a line, in the order of `JsonLines`."""

    time: str
    level: str
    logger: str
    message: str
    request_id: str
    method: str
    route: str
    status: int
    duration_ms: float
    address: str | None
    caller: str


class AccessLines:
    """Hands each line to ``put``; ``clock`` tells the time in seconds since the epoch.

    Of a line's texts only the method is anybody's invention, and looked through for secrets.
    """

    def __init__(
        self, put: Callable[[bytes], object], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._put = put
        self._clock = clock
        self._second = -1
        self._time = ""
        self._encoder = msgspec.json.Encoder()

    def __call__(self, line: AccessLine) -> None:
        """Write ``line``, if anybody listens."""
        if logger.isEnabledFor(logging.INFO):
            self._put(self._encoder.encode(self._line(line)) + b"\n")

    def _line(self, line: AccessLine) -> _Line:
        return _Line(
            self._now(),
            "INFO",
            logger.name,
            redact(message(line)),
            line.request_id,
            redact(line.method),
            line.route,
            line.status,
            duration_ms(line),
            line.address,
            line.caller,
        )

    def _now(self) -> str:
        """The time as text, made once a second."""
        second = int(self._clock())
        if second != self._second:
            self._second = second
            self._time = time.strftime(TIME_FORMAT, time.localtime(second))
        return self._time
