"""Moments as whole milliseconds, which is how they are stored, compared and sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970; what is finer is cut off.

    :raises TypeError: when ``moment`` is naive.
    """
    return (moment - _EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + milliseconds * MILLISECOND
