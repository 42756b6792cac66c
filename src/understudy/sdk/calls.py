"""Blocking calls of one process, on a few threads of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from understudy.errors import Unavailable

T = TypeVar("T")
WORKERS = 8
MAX_WAITING = 200
"""Calls under way or waiting; more are refused at once, so that a slow service piles nothing up."""


class Calls:
    """Runs gateway calls beside the requests that need them. Threads start with the first call."""

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._waiting = 0
        self._shared: dict[bytes, Future[Any]] = {}

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """``work`` on a thread of its own.

        :raises Unavailable: too many calls are waiting.
        """
        with self._lock:
            if self._waiting >= MAX_WAITING:
                raise Unavailable(internal="too many calls are waiting for the service")
            # Not before the first call: a process that forks must not have threads.
            if self._executor is None:
                self._executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="understudy")
            try:
                future = self._executor.submit(self._run, work)
            except RuntimeError:
                raise Unavailable(internal="the app is shutting down") from None
            # Behind the submission, which may fail, and under the lock, which the thread needs to
            # count down.
            self._waiting += 1
            return future

    def share(self, key: bytes, work: Callable[[], T]) -> Future[T]:
        """Like ``submit``; whoever asks for the same ``key`` meanwhile gets the same answer.

        :raises Unavailable: too many calls are waiting.
        """
        shared = self._shared.get(key)
        # One page asks many times at once: the service hears the question once.
        if shared is not None and not shared.done():
            return shared
        future = self._shared[key] = self.submit(work)
        future.add_done_callback(lambda done: self._forget(key, done))
        return future

    def close(self) -> None:
        """Start no more calls; those under way end by their own time limits."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    def _run(self, work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            with self._lock:
                self._waiting -= 1

    def _forget(self, key: bytes, done: Future[Any]) -> None:
        # By now the key may stand for a later question, which is not to be forgotten with this one.
        if self._shared.get(key) is done:
            del self._shared[key]
