"""Connections that wait for their next use: the last one given back is the first one taken.

A pool of our own, for both databases: it starts no thread, so that forking servers may open it
early, and it fails at once when the database is away, where a pool that reconnects in the
background would let every caller wait.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from understudy import errors

C = TypeVar("C")

_pools: WeakSet[Pool[Any]] = WeakSet()


class Pool(Generic[C]):
    """At most ``size`` connections, each with one user at a time.

    ``patience`` is how many seconds ``take`` waits for somebody to give one back.
    """

    def __init__(
        self, connect: Callable[[], C], close: Callable[[C], None], *, size: int, patience: float
    ) -> None:
        self._connect = connect
        self._close = close
        self._size = size
        self._patience = patience
        self._idle: list[C] = []
        self._open = 0
        self._waiting = 0
        self._closed = False
        self._changed = threading.Condition()
        self._left_to_parent: list[C] = []
        _pools.add(self)

    def take(self, *, wait: bool = True) -> C:
        """A connection for the caller alone, to be given back or dropped.

        :raises errors.StorageBusy: when all stay in use; without ``wait`` as soon as all are.
        :raises errors.Unavailable: when the pool is closed, or no connection can be made.
        """
        try:
            return self._idle.pop()  # one step for all threads, so no lock is needed
        except IndexError:
            return self._take_or_wait(self._patience if wait else 0)

    def give_back(self, connection: C) -> None:
        """Keep a sound ``connection`` for the next caller."""
        if self._closed:
            self.drop(connection)
            return
        self._idle.append(connection)
        if self._waiting:  # whoever begins to wait counts itself first, and then looks once more
            with self._changed:
                self._changed.notify()

    def drop(self, connection: C) -> None:
        """Close a ``connection`` that may be broken, instead of giving it back."""
        self._make_room()
        self._close(connection)

    def drop_idle(self) -> None:
        """Close every idle connection: what broke one has broken them all."""
        with suppress(IndexError):
            while True:
                self.drop(self._idle.pop())

    def close(self) -> None:
        """Close idle connections now and the others when they come back."""
        self._closed = True
        self.drop_idle()

    def leave_to_parent(self) -> None:
        """Begin anew in a forked child, which must neither use nor close what it inherited."""
        self._left_to_parent += self._idle
        self._idle = []
        self._open = self._waiting = 0
        self._changed = threading.Condition()

    def _take_or_wait(self, patience: float) -> C:
        taken: list[C] = []
        with self._changed:
            self._waiting += 1
            try:
                served = self._changed.wait_for(lambda: self._serve(taken), patience)
            finally:
                self._waiting -= 1
        if not served:
            raise errors.StorageBusy(internal="every connection is in use")
        return taken[0] if taken else self._connect_or_make_room()

    def _serve(self, taken: list[C]) -> bool:
        if self._closed:
            raise errors.Unavailable(internal="the connection pool is closed")
        try:
            taken.append(self._idle.pop())
        except IndexError:
            if self._open >= self._size:
                return False
            self._open += 1
        return True

    def _connect_or_make_room(self) -> C:
        with ExitStack() as made_room:
            made_room.callback(self._make_room)
            connection = self._connect()
            made_room.pop_all()
        return connection

    def _make_room(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify()


def _after_fork() -> None:
    for pool in _pools:
        pool.leave_to_parent()


os.register_at_fork(after_in_child=_after_fork)
