"""The log in the database: its head, its tiles and its entries, to append to and to read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from understudy.audit.entries.log import EntryRow
from understudy.audit.tlog.checkpoint import unverified_checkpoint
from understudy.errors import AlreadyExists, AuditError
from understudy.storage.database.connection import Connection, Row, Transaction, Value

_BEYOND_ALL = (1 << 63) - 1
_BEFORE_ALL = -(1 << 63)


class DatabaseLog:
    """The log on one snapshot: what proofs, verification and export read (`audit.verify`).

    Nothing is verified here. The head is read once, as a snapshot has only one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._head: bytes | None = None

    def head(self) -> bytes | None:
        """The signed checkpoint, or None while the log has none."""
        if self._head is None:
            found: Any = self._connection.one("log_head_get")
            self._head = found and found["note"].encode()
        return self._head

    def size(self) -> int:
        """How many entries the stored checkpoint speaks of, its signature not looked at."""
        note = self.head()
        return 0 if note is None else unverified_checkpoint(note).size

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of the widest tile at this place, ``b""`` if there is none."""
        found: Any = self._connection.one("log_tile_get", {"level": level, "tile_index": index})
        return bytes(found["hashes"]) if found else b""

    def leaves(self, start: int, end: int) -> Sequence[bytes]:
        """The leaves from ``start`` up to, not including, ``end``: an entry bundle."""
        found: Any = self._connection.all("log_leaves_list", {"first": start, "beyond": end})
        return [bytes(row["leaf"]) for row in found]

    def tile_places(self) -> Iterator[tuple[int, int]]:
        """Level and index of every tile that is stored."""
        for row in self._connection.stream("log_tile_places_stream"):
            found: Any = row
            yield found["level"], found["tile_index"]

    def rows(self, start: int | None = None, end: int | None = None) -> Iterator[EntryRow]:
        """The entries from ``start``, in order and in constant memory.

        Without ``start`` and ``end`` also those before the first and beyond the signed end, where
        none belongs: a verifier must see them.
        """
        first = _BEFORE_ALL if start is None else start
        beyond = _BEYOND_ALL if end is None else end
        stored = self._connection.stream("log_rows_stream", {"first": first, "beyond": beyond})
        return map(_entry_row, stored)


class AppendableLog(DatabaseLog):
    """The log inside the exclusive transaction (`audit.log.LogStorage`).

    ``appended`` is index and leaf of the last entry that was inserted.
    """

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._transaction = transaction
        self.appended: tuple[int, bytes] | None = None
        self._edge: dict[tuple[int, int], bytes] | None = None

    def tile(self, level: int, index: int) -> bytes:
        """As every log; the last tile of each level, which each append begins with, at once."""
        if self._edge is None:
            rows: Any = self._transaction.all("log_edge_list")
            self._edge = {(row["level"], row["tile_index"]): bytes(row["hashes"]) for row in rows}
        known = self._edge.get((level, index))
        return super().tile(level, index) if known is None else known

    def put_head(self, note: bytes) -> None:
        """Replace the signed checkpoint."""
        self._transaction.change("log_head_put", {"note": note.decode()})
        self._head = note

    def put_tile(self, level: int, index: int, hashes: bytes) -> None:
        """Insert a tile, or replace it by a wider one."""
        self._edge = None
        self._transaction.change(
            "log_tile_put", {"level": level, "tile_index": index, "hashes": hashes}
        )

    def put_entries(self, rows: Sequence[EntryRow]) -> None:
        """Insert entries.

        :raises AuditError: when one of the indexes is taken, by an entry that nobody signed.
        """
        try:
            self._transaction.run_many("log_entry_add", [_values(row) for row in rows])
        except AlreadyExists as error:
            raise AuditError("the database holds entries beyond the signed end") from error
        for row in rows[-1:]:
            self.appended = (row.index, row.leaf)


def _values(row: EntryRow) -> Sequence[Value]:
    """The values of ``log_entry_add``, which come in the order of the row."""
    core, core_salt, personal, personal_salt = row[-4:]
    core_text = None if core is None else core.decode()
    personal_text = None if personal is None else personal.decode()
    return (*row[:-4], core_text, core_salt, personal_text, personal_salt)


def _entry_row(row: Row) -> EntryRow:
    columns: dict[str, Any] = dict(row)
    columns["index"] = columns.pop("idx")
    for name in ("core", "personal"):
        payload = columns.pop(name)
        columns[f"{name}_json"] = None if payload is None else payload.encode()
    return EntryRow(**columns)
