"""Small facts, and answers kept for callers who ask again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class StoredAnswer:
    """What was answered under an Idempotency-Key; ``body`` is encrypted by the caller."""

    scope: str
    key: str
    request_hash: bytes
    status: int
    body: bytes = field(repr=False)
    created_at: datetime


class StoredAnswers(Protocol):
    """Answers kept for callers who ask again, by scope (who asks) and key."""

    def get(self, scope: str, key: str) -> StoredAnswer | None: ...


class WritableStoredAnswers(StoredAnswers, Protocol):
    """`StoredAnswers` in a unit."""

    def add(self, answer: StoredAnswer) -> None: ...
    def remove_before(self, before: datetime) -> int: ...


class UsedNonces(Protocol):
    """Which single-use texts were used, by purpose and the SHA-256 of the text.

    A purpose is no scope of a `StoredAnswer`. Both are forgotten together, by
    `WritableStoredAnswers.remove_before`, long after what is noted here is too old to be shown.
    """

    def has(self, purpose: str, digest: bytes) -> bool: ...


class WritableUsedNonces(UsedNonces, Protocol):
    """`UsedNonces` in a unit."""

    def add(self, purpose: str, digest: bytes, used_at: datetime) -> None: ...


class Meta(Protocol):
    """Small facts about the installation, by name."""

    def get(self, name: str) -> str | None: ...


class WritableMeta(Meta, Protocol):
    """`Meta` in a unit."""

    def put(self, name: str, value: str) -> None: ...
