"""How far a follower has come, on disk: written after the lines that it stands for."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from understudy.errors import InvalidInput

_NAMES = {"origin", "after"}


class FollowState:
    """One file, replaced as a whole: after a crash it is as it was before or as it was meant to be.

    A state that lags behind makes lines come twice, one that ran ahead would lose some.
    """

    def __init__(self, path: Path, *, origin: str) -> None:
        self._path = path
        self._origin = origin

    def read(self) -> int | None:
        """The index of the last entry that was written out; None when nothing was yet.

        :raises InvalidInput: when the file is not a state, or that of another log.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            found = json.loads(content)
        except ValueError:
            found = None
        if not isinstance(found, dict) or found.keys() != _NAMES or type(found["after"]) is not int:
            raise InvalidInput(f"{self._path} is not a state of understudy audit follow.")
        if found["origin"] != self._origin:
            raise InvalidInput(
                f"{self._path} is about another log, {found['origin']}. Name another --state."
            )
        return int(found["after"])

    def save(self, after: int) -> None:
        """Remember that everything up to entry ``after`` was written out; durable on return."""
        draft = self._path.with_name(f"{self._path.name}.new")
        content = json.dumps({"origin": self._origin, "after": after}).encode()
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self._path)
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Keep others from following with the same state; the lock dies with the process.

    :raises InvalidInput: when another follower has it.
    """
    descriptor = os.open(
        path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InvalidInput(f"Another follower uses {path} already.") from error
        yield
    finally:
        os.close(descriptor)
