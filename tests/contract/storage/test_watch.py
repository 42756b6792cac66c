"""How commits are noticed on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.contract.storage.make import undone
from understudy.storage.database.connection import Database, Watch
from understudy.storage.database.databases import open_database

SECONDS = 20.0
"""No wait comes near it."""


@pytest.fixture
def watch(database: Database) -> Iterator[Watch]:
    with closing(database.watch()) as opened:
        yield opened


def commit(database: Database) -> None:
    with database.writing() as transaction:
        transaction.run("meta_put", {"name": "a", "value": "1"})


def test_a_commit_before_the_wait_is_noticed(database: Database, watch: Watch) -> None:
    commit(database)
    assert watch.wait(SECONDS)


def test_a_commit_during_the_wait_ends_it(database: Database, watch: Watch) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(watch.wait, SECONDS)
        commit(database)
        assert waiting.result(SECONDS)


def test_a_commit_of_another_node_is_noticed(
    database: Database, made_url: str, watch: Watch
) -> None:
    with closing(open_database(made_url)) as other:
        commit(other)
    assert watch.wait(SECONDS)


def test_nothing_is_noticed_while_nothing_happens(watch: Watch) -> None:
    assert watch.wait(0.2) is False


def test_a_rollback_is_not_noticed(database: Database, watch: Watch) -> None:
    with undone(database) as store:
        store.meta.put("a", "1")
    assert watch.wait(0.2) is False


def test_closing_ends_a_wait_of_another_thread(watch: Watch) -> None:
    waiting = threading.Event()

    def wait() -> bool:
        waiting.set()
        # On PostgreSQL a second without news counts as news.
        while watch.wait(SECONDS):
            pass
        return False

    with ThreadPoolExecutor(1) as threads:
        result = threads.submit(wait)
        assert waiting.wait(SECONDS)
        watch.close()
        assert result.result(SECONDS) is False


def test_a_watch_can_be_closed_twice(watch: Watch) -> None:
    watch.close()
    assert watch.wait(SECONDS) is False
