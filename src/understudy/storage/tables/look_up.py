"""The one row of a key, read once for as long as the write transaction remembers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import attrgetter
from typing import Generic, TypeVar

from understudy.errors import NotFound
from understudy.storage.database.connection import Connection, Params, Row, Value
from understudy.storage.database.statements import load
from understudy.storage.seals import SEAL
from understudy.storage.tables.rows import Codec

V = TypeVar("V")


def first_found(find: Callable[[bytes], V | None], hashes: Iterable[bytes]) -> V | None:
    """What ``find`` finds for the first of ``hashes`` for which there is something."""
    return next((found for found in map(find, hashes) if found is not None), None)


class LookUp(Generic[V]):
    """Finds values by the parameters of ``query``, which are fields of the value.

    ``save`` is the statement that replaces such a value, if it is noted (see `database.memory`).
    """

    def __init__(self, codec: Codec[V], query: str, *, save: str | None = None) -> None:
        self._codec = codec
        self._query = query
        self._names = load()[query].parameters
        self._key_of = attrgetter(*self._names)
        self.written = self._written(save)
        """The columns that ``save`` sets, and those that it finds the row by."""
        written = self.written
        standing = [path for name, path in codec.paths.items() if name not in written]
        self._standing = attrgetter(*standing, *self._names)

    def _written(self, save: str | None) -> frozenset[str]:
        return frozenset(load()[save].parameters if save else ()) - {SEAL}

    def get(self, db: Connection, *key: Value) -> V | None:
        """The value of this key."""
        # Known nearly always, and then found without what only a question needs.
        found: V | None = db.answers(self._query).known(key)
        if found is not None:
            return found
        return db.known(self._query, dict(zip(self._names, key, strict=True)), self._read)

    def added(self, db: Connection, value: V) -> None:
        """Note ``value``, which was inserted just now."""
        db.answers(self._query).note(self._key(value), value)

    def saved(self, db: Connection, value: V) -> None:
        """Note ``value``, which was saved just now: as the row of which the rest stands."""
        answers, key = db.answers(self._query), self._key(value)
        before = answers.known(key)
        if before is not None and self._standing(before) == self._standing(value):
            answers.note(key, value)
        else:
            answers.drop(key)

    def changed(self, db: Connection, value: V, columns: Collection[str]) -> Params:
        """The whole row that ``value`` is about, of which only ``columns`` are as in ``value``.

        :raises NotFound: when there is none.
        """
        standing = self.get(db, *self._key(value))
        if standing is None:
            raise NotFound(internal="saved what was never added")
        row = self._codec.write(value)
        if columns is self.written and self._standing(standing) == self._standing(value):
            return row  # as is nearly always so: whoever saves has changed nothing else
        return self._codec.write(standing) | {name: row[name] for name in columns}

    def _key(self, value: V) -> tuple[Value, ...]:
        key = self._key_of(value)
        return key if len(self._names) > 1 else (key,)

    def _read(self, rows: Sequence[Row]) -> V | None:
        return self._codec.read(rows[0]) if rows else None
