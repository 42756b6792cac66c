"""The way to standard error, for which nobody waits: not the event loop, not the writer."""

from __future__ import annotations

import asyncio
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable

MOST_BYTES = 1024 * 1024
"""What may wait for a reader who does not read."""
RETRY_SECONDS = 0.1
CLOSE_SECONDS = 2.0
"""How long the end of the process waits for such a reader, at most."""


class Outlet:
    """Writes lines to ``descriptor`` as far as that does not block.

    What does not fit waits, up to ``MOST_BYTES``; lines beyond that are lost and counted, and
    ``notice`` makes of their number the line that is written once there is room again. Whoever
    kills the process loses what a turn of the event loop has put, and no more.
    """

    def __init__(self, descriptor: int, *, notice: Callable[[int], bytes]) -> None:
        self._descriptor = descriptor
        self._notice = notice
        self._ready = select.poll()
        self._ready.register(descriptor, select.POLLOUT)
        self._lock = threading.Lock()
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._lost = 0
        self._due_in: asyncio.AbstractEventLoop | None = None

    def put(self, line: bytes) -> None:
        """Write ``line`` at the end of this turn of the running event loop, with all others."""
        self._keep(line)
        loop = asyncio.get_running_loop()
        if self._due_in is not loop:
            self._due_in = loop
            loop.call_soon(self._end_turn, loop)

    def write(self, text: str) -> None:
        """Keep ``text`` for ``flush``: an outlet is a stream for ``logging``, on any thread."""
        self._keep(text.encode())

    def flush(self) -> None:
        """Write what can be written without waiting."""
        while self._write_some(0):
            pass

    def close(self) -> None:
        """Write what is left, as far as somebody reads it within ``CLOSE_SECONDS``."""
        until = time.monotonic() + CLOSE_SECONDS
        while self._write_some(max(0.0, until - time.monotonic())):
            pass

    def _end_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due_in = None
        self.flush()
        if self._waiting:
            self._due_in = loop
            loop.call_later(RETRY_SECONDS, self._end_turn, loop)

    def _keep(self, line: bytes) -> None:
        with self._lock:
            if self._size + len(line) > MOST_BYTES:
                self._lost += 1
            else:
                self._append(line)

    def _append(self, line: bytes) -> None:
        self._waiting.append(line)
        self._size += len(line)

    def _write_some(self, seconds: float) -> bool:
        """Write once, if that can be done within ``seconds``; False when nothing was written."""
        with self._lock:
            if self._lost and not self._waiting:
                self._append(self._notice(self._lost))
                self._lost = 0
            if not self._waiting or not self._ready.poll(seconds * 1000):
                return False
            self._write(self._next())
        return True

    def _next(self) -> bytes:
        """Whole lines, as many as are sure to fit, or a single one that may not."""
        lines = [self._waiting.popleft()]
        size = len(lines[0])
        while self._waiting and size + len(self._waiting[0]) <= select.PIPE_BUF:
            lines.append(self._waiting.popleft())
            size += len(lines[-1])
        self._size -= size
        return b"".join(lines)

    def _write(self, content: bytes) -> None:
        try:
            written = os.write(self._descriptor, content[: select.PIPE_BUF])
        except OSError:
            return  # whoever read it is gone
        if written < len(content):
            self._waiting.appendleft(content[written:])
            self._size += len(content) - written
