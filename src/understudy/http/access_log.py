"""The access log: a line of JSON for each request, by its route pattern.

Neither paths nor query strings are written, for both can hold what an app considers secret; nor is
anything of a body or of a credential.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

logger = logging.getLogger("understudy.access")


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessLine:
    """What one line says. ``caller`` is an operator's or application's id."""

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    address: str | None
    caller: str


def log_access(line: AccessLine) -> None:
    """Write ``line``, if anybody listens."""
    if not logger.isEnabledFor(logging.INFO):
        return
    # Not by logger.info(): it would walk the stack to find out who calls, which is always here.
    record = logger.makeRecord(
        logger.name,
        logging.INFO,
        __file__,
        0,
        "%s %s %d",
        (line.method, line.route or "(no route)", line.status),
        None,
        extra={
            "request_id": line.request_id,
            "method": line.method,
            "route": line.route,
            "status": line.status,
            "duration_ms": round(line.seconds * 1000, 2),
            "address": line.address,
            "caller": line.caller,
        },
    )
    logger.handle(record)
