"""Rows like those of the log, inserted without one: by the bare driver, durable at each commit."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL

_TABLE = "bare_rows"


class BareRows(ABC):
    """A copy of the log's table, to be filled with copies of its last rows."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []
        self._next = 0

    def at_once_per_second(self, groups: int) -> float:
        """Rows a second, a whole transaction of them in one call of the driver."""
        inserted = [self._numbered() for _ in range(groups)]
        started = time.perf_counter()
        for rows in inserted:
            with self.transaction():
                self.insert_all(rows)
        return groups * len(self._rows) / (time.perf_counter() - started)

    def by_group_commit_per_second(self, groups: int) -> float:
        """Rows a second, each of a caller of its own who is told when it is durable.

        That is group commit: a thread takes what waits and commits it in one transaction.
        """
        inserted = [self._numbered() for _ in range(groups)]
        started = time.perf_counter()
        for rows in inserted:
            waiting = [(row, Future[None]()) for row in rows]
            writer = threading.Thread(target=self._commit, args=(waiting,))
            writer.start()
            for _, future in waiting:
                future.result()
            writer.join()
        return groups * len(self._rows) / (time.perf_counter() - started)

    @contextmanager
    @abstractmethod
    def table(self, *, size: int) -> Iterator[None]:
        """Make the table; ``size`` is how many rows a transaction has."""
        yield

    @abstractmethod
    def transaction(self) -> AbstractContextManager[object]:
        """Commits at the end of the block."""

    @abstractmethod
    def insert(self, row: tuple[Any, ...]) -> None:
        """Insert one row."""

    @abstractmethod
    def insert_all(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many."""

    def _commit(self, waiting: Sequence[tuple[tuple[Any, ...], Future[None]]]) -> None:
        with self.transaction():
            for row, _ in waiting:
                self.insert(row)
        for _, future in waiting:
            future.set_result(None)

    def _numbered(self) -> list[tuple[Any, ...]]:
        first, self._next = self._next, self._next + len(self._rows)
        return [(first + number, *row[1:]) for number, row in enumerate(self._rows)]


class SqliteRows(BareRows):
    """In the file at ``path``, with the settings that Understudy itself uses."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @contextmanager
    def table(self, *, size: int) -> Iterator[None]:
        """See ``BareRows.table``."""
        with closing(
            sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        ) as self._raw:
            for pragma in ("synchronous=FULL", "secure_delete=ON", "cache_size=-8000"):
                self._raw.execute(f"PRAGMA {pragma}")
            made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'log_entries' AND sql NOT NULL"
            for (sql,) in self._raw.execute(made).fetchall():
                self._raw.execute(re.sub(r"\blog_entries", _TABLE, sql))
            last = "SELECT * FROM log_entries ORDER BY idx DESC LIMIT ?"
            self._rows = self._raw.execute(last, (size,)).fetchall()
            places = ", ".join("?" * len(self._rows[0]))
            self._insert = f"INSERT INTO {_TABLE} VALUES ({places})"
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``BareRows.transaction``."""
        self._raw.execute("BEGIN IMMEDIATE")
        yield
        self._raw.execute("COMMIT")

    def insert(self, row: tuple[Any, ...]) -> None:
        """See ``BareRows.insert``."""
        self._raw.execute(self._insert, row)

    def insert_all(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """See ``BareRows.insert_all``."""
        self._raw.executemany(self._insert, rows)


class PostgresqlRows(BareRows):
    """In the database at ``url``."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    @contextmanager
    def table(self, *, size: int) -> Iterator[None]:
        """See ``BareRows.table``."""
        with psycopg.connect(self._url) as self._raw:
            self._raw.execute("SET search_path TO understudy")
            like = f"CREATE TABLE {_TABLE} (LIKE log_entries INCLUDING ALL)"
            self._raw.execute(SQL(like))
            last = "SELECT * FROM log_entries ORDER BY idx DESC LIMIT %s"
            self._rows = self._raw.execute(last, (size,)).fetchall()
            places = ", ".join(["%s"] * len(self._rows[0]))
            self._insert = SQL(f"INSERT INTO {_TABLE} VALUES ({places})")
            self._raw.commit()
            with self._raw.cursor() as self._cursor:
                yield

    def transaction(self) -> AbstractContextManager[object]:
        """See ``BareRows.transaction``."""
        return self._raw.transaction()

    def insert(self, row: tuple[Any, ...]) -> None:
        """See ``BareRows.insert``."""
        self._cursor.execute(self._insert, row)

    def insert_all(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """See ``BareRows.insert_all``."""
        self._cursor.executemany(self._insert, rows)
