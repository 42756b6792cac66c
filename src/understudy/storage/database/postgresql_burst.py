"""Statements that go to a PostgreSQL server together, and are answered in one round trip.

The driver has a pipeline of its own, which sends each statement at once and says only later that
it is waiting for answers. A process that is stopped in between would keep the writers' lock for
ever: none of the server's limits applies while it expects more. Here everything goes out in one
piece, in one system call as a rule, and at its end the server is as idle as after any statement.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg import generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from understudy.storage.database.postgresql_server import RawConnection

PIECE_BYTES = 16_000
"""After so much comes a point at which the server may rest; the driver's library keeps back four
times as much before it sends of its own accord.
"""

_NAMED = re.compile(r"%\(([a-z][a-z0-9_]*)\)s|%s|%%")
_ANSWERED = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement with its parameters, as they are sent."""

    text: bytes
    values: Sequence[Any]
    types: tuple[int, ...]
    formats: Sequence[Any]
    keeps: bool
    """Whether the server keeps it prepared."""

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return 100 + sum(len(value) for value in self.values if value is not None)


class PostgresqlBurst:
    """Sends statements on one connection, each prepared at its first use."""

    def __init__(self, raw: RawConnection) -> None:
        self.raw = raw
        self._prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._count = 0

    def statement(
        self, text: str, params: Mapping[str, Any] | Sequence[Any] = (), *, keeps: bool = True
    ) -> Statement:
        """``text`` in the driver's spelling, with ``params`` by name or by place.

        :raises psycopg.DataError: when a parameter cannot be sent.
        """
        numbered, names = _numbered(text)
        values = [params[name] for name in names] if isinstance(params, Mapping) else params
        adapter = Transformer(self.raw)
        dumped = adapter.dump_sequence(values, [PyFormat.AUTO] * len(values))
        return Statement(
            text=numbered,
            values=dumped,
            types=adapter.types or (),
            formats=adapter.formats or (),
            keeps=keeps,
        )

    def ask(self, statements: Sequence[Statement]) -> list[PGresult]:
        """The answers, one for each statement.

        :raises psycopg.Error: the first error that the server answers; of what comes after it,
            nothing was done.
        """
        with self.raw.lock:
            return self.raw.wait(self._ask(statements))

    def rows(self, answer: PGresult) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        adapter = Transformer(self.raw)
        adapter.set_pgresult(answer)
        return adapter.load_rows(0, answer.ntuples, tuple)

    def _ask(self, statements: Sequence[Statement]) -> Any:  # noqa: ANN401 - the driver's generator
        pgconn = self.raw.pgconn
        pgconn.enter_pipeline_mode()
        expected, pieces = self._put(statements)
        yield from generators.send(pgconn)
        found: list[tuple[bytes | None, PGresult]] = []
        while pieces:
            answer = yield from generators.fetch(pgconn)
            if pgconn.status == ConnStatus.BAD:
                raise psycopg.OperationalError("the connection was lost")
            if answer is None:
                continue
            if answer.status == ExecStatus.PIPELINE_SYNC:
                pieces -= 1
            else:
                found.append((expected.popleft(), answer))
        pgconn.exit_pipeline_mode()
        return self._judged(found)

    def _put(self, statements: Sequence[Statement]) -> tuple[deque[bytes | None], int]:
        """Hand all to the driver's library; answers whose preparation each answer will be of."""
        pgconn = self.raw.pgconn
        expected: deque[bytes | None] = deque()
        pieces = size = 0
        for one in statements:
            if size > PIECE_BYTES:
                pgconn.pipeline_sync()
                pieces, size = pieces + 1, 0
            size += one.size
            key = one.text, one.types
            name = self._prepared.get(key)
            if not one.keeps:
                pgconn.send_query_params(one.text, one.values, one.types, one.formats)
            else:
                if name is None:
                    self._count += 1
                    name = self._prepared[key] = b"burst_%d" % self._count
                    pgconn.send_prepare(name, one.text, one.types)
                    expected.append(name)
                pgconn.send_query_prepared(name, one.values, one.formats)
            expected.append(None)
        pgconn.pipeline_sync()
        return expected, pieces + 1

    def _judged(self, found: Sequence[tuple[bytes | None, PGresult]]) -> list[PGresult]:
        failed = [(name, answer) for name, answer in found if answer.status not in _ANSWERED]
        if not failed:
            return [answer for name, answer in found if name is None]
        unprepared = {name for name, _ in failed if name is not None}
        self._prepared = {k: name for k, name in self._prepared.items() if name not in unprepared}
        raise error_from_result(failed[0][1], encoding="utf-8")


@cache
def _numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """``text`` with ``$1`` and so on, and the names behind the numbers."""
    names: dict[str, int] = {}
    places: Iterator[int] = iter(range(1, 1 << 16))

    def number(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        if match[0] == "%s":
            return f"${next(places)}"
        return f"${names.setdefault(match[1], len(names) + 1)}"

    numbered = _NAMED.sub(number, text)
    return numbered.encode(), tuple(names)
