"""Fields that a body may leave out."""

from __future__ import annotations

from typing import TypeVar

from msgspec import UnsetType

T = TypeVar("T")


def given(value: T | UnsetType) -> T | None:
    """``value``, or None where nothing was given."""
    return None if isinstance(value, UnsetType) else value
