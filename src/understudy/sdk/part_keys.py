"""Idempotency-Keys of the parts of a request that is sent in pieces."""

from __future__ import annotations

from collections.abc import Iterator

_MARK = ";part="
"""Nobody's key looks like this by chance."""


def part_key(whole: str, number: int) -> str:
    """The key of a part. Parts have parts themselves, eight deep at most for 80 actions."""
    return f"{whole}{_MARK}{number}"


def wholes_of(key: str) -> Iterator[str]:
    """The keys of what ``key`` is a part of, the smallest first; none for most keys."""
    while _MARK in key:
        key = key.rpartition(_MARK)[0]
        if key:
            yield key
