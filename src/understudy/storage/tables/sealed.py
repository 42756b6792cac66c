"""The rows that give power, behind their codes: one place for all tables and queries.

A query that selects ``seal`` answers only the rows whose code is right, and none of the codes; a
statement that writes ``:seal`` gets it from its other parameters, which have to be the whole row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import cast

from understudy.storage.database.answers import Answers
from understudy.storage.database.connection import Params, Row, Transaction, V, Value
from understudy.storage.database.statements import Query, load
from understudy.storage.seals import SEAL, SEALED, SealedTable, Seals

_SELECTED = re.compile(r"SELECT\b.*\bseal\s+FROM (\w+)", re.DOTALL)
_WRITTEN = re.compile(r"(?:INSERT INTO|UPDATE) (\w+)\b.*:seal\b", re.DOTALL)


@cache
def _found(pattern: re.Pattern[str]) -> Mapping[str, SealedTable]:
    matches = ((query.name, pattern.match(_text(query))) for query in load().values())
    return {name: SEALED[match[1]] for name, match in matches if match}


def sealed_reads() -> Mapping[str, SealedTable]:
    """The queries that answer sealed rows, each with their table."""
    return _found(_SELECTED)


def sealed_writes() -> Mapping[str, SealedTable]:
    """The statements that write sealed rows, each with their table."""
    return _found(_WRITTEN)


def _text(query: Query) -> str:
    return query.text(frozenset(query.conditions))


class SealedRows:
    """``db`` as tables see it: a row with a wrong code is as if it were not there."""

    def __init__(self, db: Transaction, seals: Seals) -> None:
        self._db = db
        self._seals = seals
        self._reads = sealed_reads()
        self._writes = sealed_writes()

    @property
    def alive(self) -> bool:
        """Whether the transaction is."""
        return self._db.alive

    def all(self, query: str, params: Params = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        """The rows of a query; as many as its limit says, if there are so many right ones."""
        rows = self._db.all(query, params)
        table = self._reads.get(query)
        if table is None:
            return rows
        right, limit = self._right(table, rows), params.get("limit")
        if len(right) == len(rows) or not isinstance(limit, int):
            return right
        # Whoever goes on page by page would take a short one for the last.
        asked = limit
        while len(right) < limit and len(rows) == asked:
            asked *= 2
            rows = self._db.all(query, {**params, "limit": asked})
            right = self._right(table, rows)
        return right[:limit]

    def one(self, query: str, params: Params = {}) -> Row | None:  # noqa: B006 - never changed
        """The first row of a query, unless its code is wrong."""
        row = self._db.one(query, params)
        table = self._reads.get(query)
        if table is None or row is None:
            return row
        return next(iter(self._right(table, [row])), None)

    def stream(self, query: str, params: Params = {}) -> Iterator[Row]:  # noqa: B006 - never changed
        """The rows of a query, none of which is sealed."""
        if query in self._reads:
            raise TypeError(f"{query} answers sealed rows, which are not streamed")
        return self._db.stream(query, params)

    def known(self, query: str, params: Params, read: Callable[[Sequence[Row]], V]) -> V:
        """What ``read`` makes of the rows of a query whose codes are right."""
        table = self._reads.get(query)
        if table is None:
            return self._db.known(query, params, read)
        return self._db.known(query, params, lambda rows: read(self._right(table, rows)))

    def answers(self, query: str) -> Answers:
        """What is remembered of a query, its codes looked at."""
        return self._db.answers(query)

    def run(self, query: str, params: Params = {}) -> int:  # noqa: B006 - never changed
        """Run a statement."""
        return self._db.run(query, self._sealed(query, params))

    def change(self, query: str, params: Params = {}) -> None:  # noqa: B006 - never changed
        """Run a statement that must change a row."""
        self._db.change(query, self._sealed(query, params))

    def run_many(self, query: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run a statement for many rows, none of which is sealed."""
        if query in self._writes:
            raise TypeError(f"{query} writes sealed rows, one at a time")
        self._db.run_many(query, rows)

    def savepoint(self) -> AbstractContextManager[None]:
        """As the transaction's."""
        return self._db.savepoint()

    def scrub(self) -> None:
        """As the transaction's."""
        self._db.scrub()

    def _right(self, table: SealedTable, rows: Sequence[Row]) -> list[Row]:
        accepts, right = self._seals.accepts, []
        for row in rows:
            if accepts(table, row):
                opened = dict(row)
                del opened[SEAL]
                right.append(opened)
        return cast(list[Row], right)

    def _sealed(self, query: str, params: Params) -> Params:
        table = self._writes.get(query)
        return params if table is None else {**params, SEAL: self._seals.of(table, params)}
