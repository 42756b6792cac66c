"""A file of slots, written when there was room, so that writing into it needs none.

Appending to a full disk fails, and so does filling a hole in a file; writing over what was written
does not. So all slots are written, as zeros, when the file is made.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from understudy.core.impersonation.endings import Ending
from understudy.storage.endings.sealed import KeyedHash, sealed, unsealed

SLOT_BYTES = 512
"""What a disk writes whole or not at all."""
SLOTS = 4_096
SUFFIX = ".slots"
_LENGTH_BYTES = 2
_EMPTY = bytes(SLOT_BYTES)
_FILE_MODE = 0o600


class SlotFile:
    """The slots at ``path``, held by nobody else while this object is open.

    :raises BlockingIOError: when another process holds it.
    :raises OSError: when it cannot be opened.
    """

    def __init__(self, path: Path, keyed_hash: KeyedHash) -> None:
        self.path = path
        self._keyed_hash = keyed_hash
        with ExitStack() as unless_held:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            unless_held.callback(os.close, self._descriptor)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            unless_held.pop_all()
        self._taken = dict(_read(self._descriptor, keyed_hash))

    @classmethod
    def made(cls, path: Path, keyed_hash: KeyedHash, *, slots: int = SLOTS) -> Self:
        """A new file, on the disk with every one of its slots.

        :raises OSError: when there is no room; then nothing is left behind.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _FILE_MODE)
        with ExitStack() as undo, os.fdopen(descriptor, "wb") as file:
            undo.callback(path.unlink)
            file.write(_EMPTY * slots)
            file.flush()
            os.fsync(file.fileno())
            _sync(path.parent)
            undo.pop_all()
        return cls(path, keyed_hash)

    @property
    def endings(self) -> tuple[Ending, ...]:
        """What the slots hold."""
        return tuple(self._taken.values())

    def room(self) -> int:
        """How many slots are free."""
        return os.fstat(self._descriptor).st_size // SLOT_BYTES - len(self._taken)

    def put(self, *endings: Ending) -> None:
        """Have ``endings``, for which there is room, on the disk when this returns.

        :raises OSError: when they are not.
        """
        free = (number for number in range(SLOTS) if number not in self._taken)
        placed = dict(zip(free, endings, strict=False))
        for slot, ending in placed.items():
            raw = sealed(ending, self._keyed_hash)
            self._write(slot, len(raw).to_bytes(_LENGTH_BYTES, "big") + raw)
        os.fdatasync(self._descriptor)
        self._taken |= placed

    def clear(self, ids: frozenset[str]) -> None:
        """Free the slots of these endings.

        :raises OSError: when that cannot be written.
        """
        cleared = [slot for slot, one in self._taken.items() if one.id in ids]
        for slot in cleared:
            self._write(slot, b"")
        if cleared:
            os.fdatasync(self._descriptor)
        for slot in cleared:
            del self._taken[slot]

    def close(self) -> None:
        """Let others have it."""
        with suppress(OSError):
            os.close(self._descriptor)

    def _write(self, slot: int, content: bytes) -> None:
        os.pwrite(self._descriptor, content.ljust(SLOT_BYTES, b"\0"), slot * SLOT_BYTES)


def peek(path: Path, keyed_hash: KeyedHash) -> tuple[Ending, ...]:
    """What a file holds at this moment, whoever holds it.

    :raises OSError: when it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return tuple(dict(_read(descriptor, keyed_hash)).values())
    finally:
        os.close(descriptor)


def _read(descriptor: int, keyed_hash: KeyedHash) -> Iterator[tuple[int, Ending]]:
    """The endings by slot; one that was cut off by a crash, or is not ours, counts for nothing."""
    size = os.fstat(descriptor).st_size
    whole = os.pread(descriptor, min(size, SLOTS * SLOT_BYTES), 0)
    for start in range(0, len(whole), SLOT_BYTES):
        length = int.from_bytes(whole[start : start + _LENGTH_BYTES], "big")
        raw = whole[start + _LENGTH_BYTES : start + _LENGTH_BYTES + length]
        found = unsealed(raw, keyed_hash) if length else None
        if found is not None:
            yield start // SLOT_BYTES, found


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
