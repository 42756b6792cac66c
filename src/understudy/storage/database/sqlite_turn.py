"""The line in which the processes that write one SQLite file wait.

SQLite lets a writer that finds the file locked sleep and try again, so that whoever has just
written is always the first to write once more. Here the kernel wakes those who wait. It is only
about who comes next: what keeps writers apart is SQLite's own lock, also where this one is missing.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from understudy import errors
from understudy.storage.database.sqlite_file import NEW_FILE_MODE

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC

_logger = logging.getLogger(__name__)


class SqliteTurn:
    """Turns by locks on files beside the database, which are never deleted.

    There are two: whoever is about to write waits at the ``gate`` and goes through it with the
    lock in hand. Who has just written hence stands behind the one that waited there.
    """

    def __init__(self, path: Path, *, patience: float) -> None:
        self._files = (path.with_name(f"{path.name}-gate"), path.with_name(f"{path.name}-writer"))
        self._patience = patience
        self._is_missing = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn; without one where the file system knows no such locks.

        :raises errors.StorageBusy: when others do not finish in time.
        """
        descriptor = None if self._is_missing else self._take()
        try:
            yield
        finally:
            if descriptor is not None:
                _give(descriptor)

    def _take(self) -> int | None:
        try:
            return _lock(*self._files, fcntl.LOCK_NB)
        except BlockingIOError:
            return _Wait(*self._files).result(self._patience)
        except OSError as error:
            self._is_missing = True
            _logger.warning(
                "several processes would write in no order: %s",
                error,
                extra={"action": "take_turn"},
            )
            return None


class _Wait:
    """Waits on a thread of its own, as the kernel knows no time limit for it."""

    def __init__(self, gate: Path, writer: Path) -> None:
        self._files = gate, writer
        self._over = threading.Event()
        self._turn = threading.Lock()
        self._is_given_up = False
        self._descriptor: int | None = None
        threading.Thread(target=self._run, name="understudy-turn", daemon=True).start()

    def result(self, patience: float) -> int | None:
        """The lock.

        :raises errors.StorageBusy: when it does not come in time; it is given back once it does.
        """
        self._over.wait(patience)
        with self._turn:
            if not self._over.is_set():
                self._is_given_up = True
                raise errors.StorageBusy(internal="other processes keep writing")
        return self._descriptor

    def _run(self) -> None:
        descriptor = None
        with suppress(OSError):  # without it, SQLite's own lock still keeps writers apart
            descriptor = _lock(*self._files, 0)
        with self._turn:
            self._descriptor = descriptor
            self._over.set()
            if self._is_given_up and descriptor is not None:
                _give(descriptor)


def _lock(gate: Path, writer: Path, how: int) -> int:
    """The lock on ``writer``, come by through ``gate``.

    :raises OSError: when it is not to be had.
    """
    held = os.open(gate, _FLAGS, NEW_FILE_MODE)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | how)
        with ExitStack() as unless_locked:
            descriptor = os.open(writer, _FLAGS, NEW_FILE_MODE)
            unless_locked.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | how)
            unless_locked.pop_all()
        return descriptor
    finally:
        _give(held)


def _give(descriptor: int) -> None:
    # Unlocked in so many words: a child that was forked meanwhile has the file open as well.
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
