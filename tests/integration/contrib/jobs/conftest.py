"""A Redis server in Python, and what jobs leave behind, forgotten between two tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from fakeredis import FakeRedis, TcpFakeServer
from redis import Redis

from tests.integration.contrib.jobs.seen import SEEN, Seen


@pytest.fixture
def seen() -> Iterator[Seen]:
    """What the jobs of this test have seen."""
    SEEN.clear()
    yield SEEN
    SEEN.clear()


@pytest.fixture(scope="module")
def redis_port() -> Iterator[int]:
    """Where a Redis server listens, for as long as one module of tests."""
    server = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis in this very process, empty.

    For RQ, which asks for its own address: the server tells one that redis-py cannot read.
    """
    with FakeRedis() as connection:
        yield connection
