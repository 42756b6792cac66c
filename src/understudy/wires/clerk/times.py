"""Times as JWTs have them; in objects these clients take milliseconds, as `core.times` has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_seconds(moment: datetime) -> int:
    """Seconds since 1970, rounded down."""
    return (moment - _EPOCH) // timedelta(seconds=1)
