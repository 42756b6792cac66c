"""Key pairs, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.core.ports import SigningKey
from understudy.storage.database.connection import Row, Transaction
from understudy.storage.tables.rows import Codec

_KEY = Codec(SigningKey)


class SigningKeyTable:
    """Key pairs, by use and application."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def of(self, use: str, application_id: str | None = None) -> Sequence[SigningKey]:
        """The keys of one application for one use, or those that belong to none; oldest first."""
        if application_id is None:
            return self._all("signing_keys_of_installation", {"use": str(use)})
        params = {"use": str(use), "application_id": application_id}
        return self._all("signing_keys_of_application", params)

    def add(self, key: SigningKey) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("signing_keys_add", _KEY.write(key))

    def save(self, key: SigningKey) -> None:
        """Replace by id."""
        self._db.change("signing_keys_save", _KEY.write(key))

    def _all(self, query: str, params: dict[str, str]) -> Sequence[SigningKey]:
        return self._db.known(query, params, _keys)


def _keys(rows: Sequence[Row]) -> Sequence[SigningKey]:
    return tuple(map(_KEY.read, rows))
