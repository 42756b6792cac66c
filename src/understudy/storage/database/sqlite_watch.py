"""How a process hears that others have committed to its SQLite file."""

from __future__ import annotations

import sqlite3
import threading

from understudy.storage.database.sqlite_file import translate

POLL_SECONDS = 0.02
"""How often a watch looks for commits."""


class SqliteWatch:
    """Notices commits of every other connection by ``PRAGMA data_version``."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._closing = threading.Event()
        self._turn = threading.Lock()
        self._seen = self._version()

    def wait(self, timeout: float) -> bool:
        """True as soon as somebody has committed; False after ``timeout`` seconds or ``close``.

        :raises errors.Unavailable: when the file cannot be read.
        """
        for _ in range(max(1, round(timeout / POLL_SECONDS))):
            with self._turn:
                if self._closing.is_set():
                    return False
                version = self._version()
            if version != self._seen:
                self._seen = version
                return True
            self._closing.wait(POLL_SECONDS)
        return False

    def close(self) -> None:
        """Stop waiting, and close the watch's own connection."""
        self._closing.set()
        with self._turn:
            self._raw.close()

    def _version(self) -> int:
        try:
            version: int = self._raw.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            raise translate(error) from error
        return version
