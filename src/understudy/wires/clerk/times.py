"""Times as these clients take them: whole milliseconds in objects, whole seconds in JWTs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def to_seconds(moment: datetime) -> int:
    """Seconds since 1970, rounded down."""
    return (moment - _EPOCH) // timedelta(seconds=1)
