"""Small facts, answers kept for callers who ask again, and nonces that were used, as tables."""

from __future__ import annotations

from datetime import datetime

from understudy.core.ports import StoredAnswer
from understudy.core.times import to_ms
from understudy.storage.database.connection import Transaction
from understudy.storage.tables.rows import Codec

_ANSWER = Codec(StoredAnswer)


class MetaTable:
    """Small facts about the installation, by name."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, name: str) -> str | None:
        """The fact of this name."""
        row = self._db.one("meta_get", {"name": name})
        return str(row["value"]) if row else None

    def put(self, name: str, value: str) -> None:
        """Insert or replace by name."""
        self._db.run("meta_put", {"name": name, "value": value})


class StoredAnswerTable:
    """Answers by scope (who asks) and key."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, scope: str, key: str) -> StoredAnswer | None:
        """The answer that was given under this key."""
        row = self._db.one("stored_answers_get", {"scope": scope, "key": key})
        return _ANSWER.read(row) if row else None

    def add(self, answer: StoredAnswer) -> None:
        """Insert, or refuse a key that was used."""
        self._db.change("stored_answers_add", _ANSWER.write(answer))

    def remove_before(self, before: datetime) -> int:
        """Forget older answers; answers how many."""
        return self._db.run("stored_answers_remove_before", {"before": to_ms(before)})


class UsedNonceTable:
    """Single-use texts that were used, by purpose: rows among the answers, with nothing in them."""

    def __init__(self, db: Transaction) -> None:
        self._answers = StoredAnswerTable(db)

    def has(self, purpose: str, digest: bytes) -> bool:
        """Whether it was used."""
        return self._answers.get(purpose, digest.hex()) is not None

    def add(self, purpose: str, digest: bytes, used_at: datetime) -> None:
        """Insert, or refuse one that was used."""
        self._answers.add(
            StoredAnswer(
                scope=purpose,
                key=digest.hex(),
                request_hash=digest,
                status=200,
                body=b"",
                created_at=used_at,
            )
        )
