"""Rows beside the entries that tell of them, streamed from one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

import msgspec

from understudy.audit.entries.leaf import MAX_TIME_MS
from understudy.core.ports import Entry, EntryFilter
from understudy.core.ports.comparison import Told, Unexplained
from understudy.core.times import from_ms, to_ms
from understudy.storage.database.connection import Connection, Row, Transaction
from understudy.storage.tables.entries import EntryTable

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class ComparisonTable:
    """What `flows.comparison` compares; memory does not grow with it."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def grants(self) -> Iterator[Told]:
        """Grants and their sessions, by grant."""
        return map(_told, self._db.stream("compared_grants_stream"))

    def team(self) -> Iterator[Told]:
        """Operators with their sign-ins and invitations, by operator."""
        return map(_told, self._db.stream("compared_team_stream"))

    def subjects(self) -> Iterator[Told]:
        """Subjects, by our own reference."""
        return map(_told, self._db.stream("compared_subjects_stream"))

    def consents(self) -> Iterator[Told]:
        """What users agreed to, by user."""
        return map(_told, self._db.stream("compared_consents_stream"))

    def policies(self) -> Iterator[Told]:
        """Applications with their policies, by application."""
        return map(_told, self._db.stream("compared_policies_stream"))

    def unexplained_grants(self) -> Iterator[Unexplained]:
        """Grants without an entry, and what is left of entries about new grants, by time."""
        return map(_unexplained, self._db.stream("unexplained_grants_stream"))

    def unexplained_sessions(self) -> Iterator[Unexplained]:
        """The same of sessions."""
        return map(_unexplained, self._db.stream("unexplained_sessions_stream"))

    def entries(self, types: frozenset[str]) -> Iterator[Entry]:
        """Every entry of these types, oldest first."""
        return EntryTable(cast(Transaction, self._db)).stream(EntryFilter(types=types))

    def younger(self, first: int, last: int, moment: datetime) -> Iterator[int]:
        """Indexes from ``first`` to ``last`` of entries that are not older than ``moment``."""
        params = {"first": first, "last": last, "moment": to_ms(moment)}
        for row in self._db.stream("entries_younger_stream", params):
            yield int(row["idx"] or 0)


def _told(row: Row) -> Told:
    index = int(row["idx"] or 0)
    is_entry = row["core"] is not None
    return Told(
        key=str(row["key"]),
        index=index if is_entry else None,
        kind=str(row["kind"]),
        time=_moment(row),
        facts=_payload(str(row["core"])) if is_entry else row,
    )


def _unexplained(row: Row) -> Unexplained:
    return Unexplained(time=_moment(row), row=None if row["id"] is None else str(row["id"]))


def _moment(row: Row) -> datetime:
    # Held to what dates can say: whoever has forged a row may have written any number.
    return from_ms(min(max(int(row["time_ms"] or 0), 0), MAX_TIME_MS))


def _payload(text: str) -> Mapping[str, Any]:
    """What an entry says; one that was damaged says nothing here, and is verification's to tell."""
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return {}
