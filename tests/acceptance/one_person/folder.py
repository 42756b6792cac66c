"""The folder of a Chromium's profile: what the browser has written there, and would find again."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE_SECONDS = 20
_NAVIGATION = 6
"""The command of Chromium's session files that says what a tab shows, and what is typed there."""
_FILE_HEAD, _COMMAND_HEAD = 8, struct.Struct("<HB")
_PAGE_HEAD = struct.Struct("<IiiI")


class Folder:
    """The folder at ``path``, which is made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = path / "Default"
        self._own.mkdir(parents=True)
        # Without any, and killed before it writes some, Chromium takes the profile for a new one.
        self._preferences = self._own / "Preferences"
        self._preferences.write_text('{"profile": {}}')

    def agree_to_restore(self) -> None:
        """What a person does behind a crash, where the browser asks; no script can answer there."""
        kept = json.loads(self._preferences.read_text())
        kept["profile"]["exit_type"] = "Normal"
        self._preferences.write_text(json.dumps(kept))

    def forget(self, *names: str) -> None:
        """Take cookies out, while no browser runs."""
        with contextlib.closing(self._cookies()) as kept:
            for name in names:
                assert kept.execute("DELETE FROM cookies WHERE name = ?", (name,)).rowcount == 1
            kept.commit()

    def has_cookie(self, name: str) -> bool:
        """Whether a cookie of this name is written."""
        with contextlib.closing(self._cookies()) as kept:
            query = "SELECT count(*) FROM cookies WHERE name = ?"
            return bool(kept.execute(query, (name,)).fetchone()[0])

    def has_stored(self, key: str) -> bool:
        """Whether a page's note of this name in `sessionStorage` is written."""
        logs = (self._own / "Session Storage").glob("*.log")
        return any(f"-{key}".encode() in log.read_bytes() for log in logs)

    def fields_with(self, text: str, address: str) -> int:
        """Into how many fields of the page at this address the text would be typed again."""
        pages = [page for page in self._pages() if page[0] == address]
        return pages[-1][1].count(text.encode("utf-16-le")) if pages else 0

    def _pages(self) -> Iterator[tuple[str, bytes]]:
        for file in sorted((self._own / "Sessions").glob("Session_*")):
            content = file.read_bytes()
            at = _FILE_HEAD
            while at + _COMMAND_HEAD.size <= len(content):
                size, command = _COMMAND_HEAD.unpack_from(content, at)
                page = content[at + _COMMAND_HEAD.size : at + 2 + size]
                at += 2 + size
                if command == _NAVIGATION:
                    *_, length = _PAGE_HEAD.unpack_from(page)
                    yield page[_PAGE_HEAD.size :][:length].decode(), page

    def _cookies(self) -> sqlite3.Connection:
        return sqlite3.connect(self._own / "Cookies")


def until(holds: Callable[[], bool]) -> None:
    """Wait for what nothing tells of."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
