"""Where followed entries go: a file that others may rotate, or standard output."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_BLOCK = 64 * 1024


class Output(Protocol):
    """Takes lines, whole ones only."""

    def write(self, lines: bytes) -> None:
        """Return once the lines are as safe as this output can make them.

        :raises OSError: when they are not; a file then holds none of them.
        """
        ...

    def close(self) -> None:
        """Take nothing more."""
        ...


class StandardOutput:
    """Whoever reads the pipe has the lines once they were written; what it does then is its own."""

    def write(self, lines: bytes) -> None:
        """Write and flush."""
        sys.stdout.buffer.write(lines)
        sys.stdout.buffer.flush()

    def close(self) -> None:
        """Leave it open: it is not ours."""


class FileOutput:
    """Appends to a file, for its owner alone, and to a new one once that was rotated away.

    Lines are on the disk when ``write`` returns. What a crash left of half a line is cut off, and
    nothing else ever is: whoever ships the file has read no further than the last whole line.

    :raises OSError: when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = self._open()

    def write(self, lines: bytes) -> None:
        """Append and synchronise, all of it or nothing."""
        if self._rotated():
            rotated, self._descriptor = self._descriptor, self._open()
            os.close(rotated)
        size = os.fstat(self._descriptor).st_size
        try:
            left = memoryview(lines)
            while left:
                left = left[os.write(self._descriptor, left) :]
            self._synchronise()
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                _cut_half_a_line(descriptor)
                _synchronise_directory(self._path.parent)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _rotated(self) -> bool:
        try:
            there = os.stat(self._path)
        except FileNotFoundError:
            return True
        ours = os.fstat(self._descriptor)
        return (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino)

    def _synchronise(self) -> None:
        if stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            os.fsync(self._descriptor)


def output_to(path: Path | None) -> Output:
    """The file, or standard output.

    :raises OSError: when the file cannot be opened.
    """
    return StandardOutput() if path is None else FileOutput(path)


def _cut_half_a_line(descriptor: int) -> None:
    size = end = os.fstat(descriptor).st_size
    while end:
        start = max(0, end - _BLOCK)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end != size:
        os.ftruncate(descriptor, end)


def _synchronise_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
