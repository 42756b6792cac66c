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


class Meta(Protocol):
    """Small facts about the installation, by name."""

    def get(self, name: str) -> str | None: ...


class WritableMeta(Meta, Protocol):
    """`Meta` in a unit."""

    def put(self, name: str, value: str) -> None: ...
