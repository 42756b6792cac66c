"""Moments as whole milliseconds, the unit in which everything is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, exactly; a way by floating-point seconds is one off at times."""
    return (moment - _EPOCH) // _MILLISECOND
