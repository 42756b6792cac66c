from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from understudy.audit.tlog.checkpoint import Checkpoint, LastCheckpoint
from understudy.audit.tlog.note import Signer
from understudy.core.notices.events import Event, EventType
from understudy.errors import LogUnwritable
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.log.pending import SALTS_AT_ONCE, PendingEntries

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EVENT = Event(type=EventType.SESSION_STARTED)
SIGNER = Signer(name="log.example/one", seed=bytes(32))


class Head(DatabaseLog):
    """A log of which only the head is asked."""

    def __init__(self, note: bytes | None) -> None:
        self.note = note

    def head(self) -> bytes | None:
        return self.note


def pending(note: bytes | None, last: LastCheckpoint | None = None) -> PendingEntries:
    """Numbered bytes in place of random ones, so that each salt shows where it comes from."""
    numbers = itertools.count()

    def random(count: int) -> bytes:
        return b"".join(next(numbers).to_bytes(32, "big") for _ in range(count // 32))

    return PendingEntries(
        Head(note), newest=lambda: None, last=last or LastCheckpoint(), random=random
    )


def test_entries_go_on_from_the_stored_end_whether_or_not_it_is_remembered() -> None:
    last = LastCheckpoint()
    note = last.sign(Checkpoint(origin=SIGNER.verifier.name, size=7, root=bytes(32)), SIGNER)
    for known in (last, LastCheckpoint()):
        entries = pending(note, known)
        assert [entries.append(NOON, EVENT) for _ in range(3)] == [7, 8, 9]
    assert pending(None).append(NOON, EVENT) == 0


def test_every_half_of_every_entry_has_a_salt_of_its_own() -> None:
    entries = pending(None)
    for _ in range(3 * SALTS_AT_ONCE):
        entries.append(NOON, EVENT)
    salts = {salt for entry in entries.entries for salt in (entry.core_salt, entry.personal_salt)}
    assert len(salts) == 6 * SALTS_AT_ONCE
    assert {len(salt) for salt in salts} == {32}


def test_nothing_is_put_behind_a_head_that_is_no_checkpoint() -> None:
    with pytest.raises(LogUnwritable) as refused:
        pending(b"scribble").append(NOON, EVENT)
    assert refused.value.code == "log_unwritable"
