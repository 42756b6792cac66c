"""The folder that every node has: the installation key and the highest checkpoint it has seen.

Both are out of the database's reach on purpose. The key opens what the database keeps; the
checkpoint tells a database that was set back, or swapped, from the one that this node knew.
"""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from understudy.audit.entries.high_water import require_not_below
from understudy.audit.tlog.checkpoint import Checkpoint, unverified_checkpoint
from understudy.errors import AuditError, KeyUnsafe, SetupError
from understudy.storage.vault import KEY_BYTES, InstallationKey

KEY_FILE = "installation.key"
CHECKPOINT_FILE = "checkpoint"
URL_FILE = "service.url"
SEALED_FILE = "rows-are-sealed"

_OWNER_ONLY_DIRECTORY = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_ANY = stat.S_IRWXG | stat.S_IRWXO


class DataDirectory:
    """The data directory at ``path``, made for its owner alone when it is not there yet.

    :raises KeyUnsafe: when others may write in it, and so could replace what it holds.
    :raises SetupError: when it cannot be made or used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _setup_errors(path):
            path.mkdir(mode=_OWNER_ONLY_DIRECTORY, parents=True, exist_ok=True)
            mode = path.stat().st_mode
        if mode & _OTHERS_WRITE:
            raise KeyUnsafe(f"Others can write in the data directory. Run: chmod go-w {path}")

    def installation_key(self, *, random: Callable[[int], bytes]) -> InstallationKey:
        """The key in ``installation.key``, drawn at first use; all who start at once agree on it.

        :raises KeyUnsafe: when others can read or write the file.
        :raises SetupError: when it holds no key.
        """
        path = self.path / KEY_FILE
        with _setup_errors(path):
            if not path.exists():
                self._create(path, InstallationKey(random(KEY_BYTES)).to_text() + "\n")
            return InstallationKey.from_text(_read_private(path))

    def known_key(self) -> InstallationKey:
        """The key in ``installation.key``, which is not made here.

        :raises KeyUnsafe: when others can read or write the file.
        :raises SetupError: when there is none, or it holds no key.
        """
        path = self.path / KEY_FILE
        with _setup_errors(path):
            return InstallationKey.from_text(_read_private(path))

    def has_seen_seals(self) -> bool:
        """Whether this node has known its database with codes on the rows that give power."""
        return (self.path / SEALED_FILE).exists()

    def note_seals(self) -> None:
        """Know from now on that the database has such codes.

        :raises SetupError: when that cannot be written down.
        """
        with _setup_errors(self.path):
            (self.path / SEALED_FILE).touch(mode=0o600)

    def high_water(self) -> HighWater:
        """The checkpoint that the log never goes below."""
        return HighWater(self.path / CHECKPOINT_FILE)

    def served_at(self) -> str | None:
        """The address under which a node with this directory was last started, if any was.

        :raises SetupError: when it cannot be read.
        """
        path = self.path / URL_FILE
        with _setup_errors(path):
            return path.read_text().strip() if path.exists() else None

    def note_served_at(self, url: str) -> None:
        """Keep the address for those who work beside the node, such as the command line.

        :raises SetupError: when it cannot be written.
        """
        path = self.path / URL_FILE
        with _setup_errors(path):
            _write_draft(path, f"{url}\n".encode()).replace(path)

    def _create(self, path: Path, text: str) -> None:
        # Whole or absent, also after a power cut; a link fails where a rename would replace.
        draft = _write_draft(path, text.encode())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        _sync_directory(self.path)


class HighWater:
    """The highest checkpoint seen, in a file that several processes of one node may share.

    It may lag behind the database, by a second or so while entries are written: what it protects
    from is an old copy of the database, not a lost commit. It is whole after a power cut.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Checkpoint | None:
        """What the file holds. The directory is trusted, so no signature is looked at here.

        :raises SetupError: when it cannot be read, or is not a checkpoint.
        """
        with _setup_errors(self.path):
            try:
                return unverified_checkpoint(self.path.read_bytes())
            except FileNotFoundError:
                return None
            except AuditError as error:
                raise SetupError(f"{self.path} is not a checkpoint: {error.detail}") from error

    def advance(self, note: bytes) -> None:
        """Keep ``note``, a checkpoint that this process has signed or verified, if it is higher.

        A lower one is left out in silence: another process of the node was faster.

        :raises LogForked: when it has another root at the same size, or is of another log.
        :raises SetupError: when the file cannot be read or written.
        """
        checkpoint = unverified_checkpoint(note)
        # The directory is locked, since the file itself is replaced each time.
        with _setup_errors(self.path), _locked(self.path.parent):
            held = self.read()
            if held is not None and _is_reached(held, checkpoint):
                return
            # Whole or not at all, also for those who read without the lock.
            _write_draft(self.path, note).replace(self.path)


def _is_reached(held: Checkpoint, checkpoint: Checkpoint) -> bool:
    """Whether the file is there already, or beyond; refuses what is no part of the same log."""
    if checkpoint.size <= held.size and checkpoint.origin == held.origin:
        if checkpoint.size == held.size:
            require_not_below(checkpoint, held)
        return True
    require_not_below(checkpoint, held)
    return False


def _read_private(path: Path) -> str:
    with path.open(encoding="ascii", errors="replace") as file:
        # Asked of the open file, so that nobody can swap it between question and reading.
        if os.fstat(file.fileno()).st_mode & _OTHERS_ANY:
            raise KeyUnsafe(f"Others can read the key file. Run: chmod 600 {path}")
        return file.read(1024)


def _write_draft(path: Path, content: bytes) -> Path:
    """A new file beside ``path``, for its owner alone (mode 0600), with the content on disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()
        raise
    return draft


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _setup_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SetupError(f"{path} cannot be used: {error.strerror}") from error
