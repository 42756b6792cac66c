"""How connections are kept for their next use."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database.pool import Pool

SECONDS = 20.0
"""No wait comes near it."""


class Factory:
    """Makes numbers instead of connections, and remembers which were closed."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.away = False
        self.closed: list[int] = []

    def connect(self) -> int:
        if self.away:
            raise errors.Unavailable
        return next(self._numbers)


def pool_of(factory: Factory, size: int = 2, patience: float = 0.01) -> Pool[int]:
    return Pool(factory.connect, factory.closed.append, size=size, patience=patience)


def test_the_last_one_given_back_is_the_first_one_taken() -> None:
    pool = pool_of(Factory())
    first, second = pool.take(), pool.take()
    pool.give_back(first)
    pool.give_back(second)
    assert [pool.take(), pool.take()] == [second, first]


def test_no_more_are_made_than_the_size_allows() -> None:
    pool = pool_of(Factory())
    assert [pool.take(), pool.take()] == [1, 2]
    with refusal_of(errors.StorageBusy, "storage_busy"):
        pool.take()


def test_whoever_waits_gets_what_is_given_back() -> None:
    pool = pool_of(Factory(), size=1, patience=SECONDS)
    taken = pool.take()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.take)
        pool.give_back(taken)
        assert waiting.result(SECONDS) == taken


def test_whoever_waits_gets_a_new_one_for_one_that_was_dropped() -> None:
    factory = Factory()
    pool = pool_of(factory, size=1, patience=SECONDS)
    taken = pool.take()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.take)
        pool.drop(taken)
        assert waiting.result(SECONDS) == 2
    assert factory.closed == [1]


def test_a_connection_that_could_not_be_made_takes_no_place() -> None:
    factory = Factory()
    pool = pool_of(factory, size=1)
    factory.away = True
    for _ in range(3):
        with refusal_of(errors.Unavailable, "unavailable"):
            pool.take()
    factory.away = False
    assert pool.take() == 1


def test_idle_connections_can_be_dropped_together() -> None:
    factory = Factory()
    pool = pool_of(factory)
    for taken in (pool.take(), pool.take()):
        pool.give_back(taken)
    pool.drop_idle()
    assert sorted(factory.closed) == [1, 2]
    assert pool.take() == 3


def test_closing_closes_idle_ones_now_and_the_others_when_they_come_back() -> None:
    factory = Factory()
    pool = pool_of(factory)
    first, second = pool.take(), pool.take()
    pool.give_back(first)
    pool.close()
    assert factory.closed == [first]
    pool.give_back(second)
    assert factory.closed == [first, second]
    with refusal_of(errors.Unavailable, "unavailable"):
        pool.take()


def test_many_threads_never_share_a_connection() -> None:
    pool = pool_of(Factory(), size=3, patience=SECONDS)
    in_use: set[int] = set()
    lock = threading.Lock()

    def use(_: int) -> None:
        taken = pool.take()
        with lock:
            assert taken not in in_use
            in_use.add(taken)
        with lock:
            in_use.remove(taken)
        pool.give_back(taken)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(500)))
    assert pool.take() <= 3


FORKING = """
import os
from understudy.storage.database.pool import Pool

made, closed = iter(range(1, 9)), []
pool = Pool(lambda: next(made), closed.append, size=1, patience=0.01)
pool.give_back(pool.take())
child = os.fork()
if child:
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert pool.take() == 1
else:
    assert pool.take() == 2
    pool.drop(2)
    assert closed == [2]
"""


def test_a_forked_child_leaves_its_parents_connections_alone() -> None:
    # In a process without threads, as those of forking servers are at that moment.
    subprocess.run([sys.executable, "-c", FORKING], check=True, timeout=SECONDS)
