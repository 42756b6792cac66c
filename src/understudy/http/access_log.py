"""The access log: a line of JSON for each request, by its route pattern.

Neither paths nor query strings are written, for both can hold what an app considers secret; nor is
anything of a body or of a credential.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

logger = logging.getLogger("understudy.access")


class AccessLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one line says. ``caller`` is an operator's or application's id."""

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    address: str | None
    caller: str


LogAccess = Callable[[AccessLine], None]


def message(line: AccessLine) -> str:
    """The line in short, for people."""
    return f"{line.method} {line.route or '(no route)'} {line.status}"


def duration_ms(line: AccessLine) -> float:
    """How long the request took, as it is written."""
    return round(line.seconds * 1000, 2)


def log_access(line: AccessLine) -> None:
    """Hand ``line`` to ``logging``, if anybody listens."""
    if not logger.isEnabledFor(logging.INFO):
        return
    # Not by logger.info(): it would walk the stack to find out who calls, which is always here.
    record = logger.makeRecord(
        logger.name,
        logging.INFO,
        __file__,
        0,
        message(line),
        (),
        None,
        extra={
            "request_id": line.request_id,
            "method": line.method,
            "route": line.route,
            "status": line.status,
            "duration_ms": duration_ms(line),
            "address": line.address,
            "caller": line.caller,
        },
    )
    logger.handle(record)
