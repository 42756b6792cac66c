"""A log of very many entries, written in one go: real leaves, tiles and checkpoint, no flows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from understudy.audit.entries.log import EntryRow
from understudy.audit.tlog.checkpoint import Checkpoint, sign_checkpoint
from understudy.audit.tlog.merkle import leaf_hash
from understudy.audit.tlog.tile import RightEdge
from understudy.core.ports import KeyUse
from understudy.core.times import to_ms
from understudy.storage.database.connection import Database, Dialect, Params
from understudy.storage.database.statements import Statements, colon_style, load
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.log_storage import AppendableLog
from understudy.storage.log.signing import LogKeyring
from understudy.storage.tables.keys import SigningKeyTable

GROUP = 25_600
CANARY = "Zanzibar"
"""In the personal half of every entry that is written here, and in nothing else."""


def write_many(
    database: Database, engine: StoreEngine, application_id: str, count: int, *, at: datetime
) -> None:
    """Append so many recorded actions of an application, all at one time."""
    for start in range(0, count, GROUP):
        with database.writing() as transaction:
            log = AppendableLog(transaction)
            size = log.size()
            rows = list(
                _rows(size, range(start, min(start + GROUP, count)), application_id, to_ms(at))
            )
            edge = RightEdge.load(log, size)
            filled = edge.extend([leaf_hash(row.leaf) for row in rows])
            log.put_entries(rows)
            for tile in (*filled, *edge.partial_tiles()):
                log.put_tile(tile.level, tile.index, tile.hashes)
            keys = LogKeyring(engine.vault, origin=engine.origin).open(
                SigningKeyTable(transaction).of(KeyUse.LOG)
            )
            checkpoint = Checkpoint(origin=engine.origin, size=edge.size, root=edge.root())
            log.put_head(sign_checkpoint(checkpoint, keys.signer_at(at)))


def _rows(size: int, numbers: range, application_id: str, time_ms: int) -> Iterator[EntryRow]:
    core = f'{{"application_id":"{application_id}","outcome":"ok"}}'.encode()
    for index, number in enumerate(numbers, start=size):
        personal = f'{{"actor_name":"{CANARY} {number}"}}'.encode()
        salt = hashlib.sha256(b"%d" % index).digest()
        leaf = (
            f'{{"core":"{_commitment(b"core", salt, core)}",'
            f'"personal":"{_commitment(b"personal", salt, personal)}",'
            f'"t":{time_ms},"type":"action.completed","v":1}}'
        ).encode()
        yield EntryRow(
            index, leaf, time_ms, "action.completed", application_id, None, None, None, None,
            None, "ok", None, core, salt, personal, salt,
        )  # fmt: skip


def _commitment(part: bytes, salt: bytes, payload: bytes) -> str:
    return hashlib.sha256(b"understudy/audit/v1\n" + part + b"\n" + salt + payload).hexdigest()


class Steps:
    """Counts what SQLite does for a query, in instructions of its own machine: no clock, no noise.

    It stands for a snapshot, for tables to read from.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        raw.row_factory = sqlite3.Row
        self._raw = raw
        self._statements = Statements(load(), colon_style, Dialect.SQLITE)
        self.count = 0

    def all(self, query: str, params: Params = {}) -> list[sqlite3.Row]:  # noqa: B006 - never changed
        """Every row, counted."""
        sql, flat = self._statements.resolve(query, params)

        def step() -> None:
            self.count += 1

        self._raw.set_progress_handler(step, 1)
        try:
            return self._raw.execute(sql, flat).fetchall()
        finally:
            self._raw.set_progress_handler(None, 0)

    def one(self, query: str, params: Params = {}) -> sqlite3.Row | None:  # noqa: B006 - never changed
        """The first row, counted."""
        return next(iter(self.all(query, params)), None)
