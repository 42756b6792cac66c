"""A node of PostgreSQL that was stopped while it held the writers' lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.contract.storage.engines import SECONDS, engine_on, marks
from tests.fixtures.postgresql import PostgresServer
from understudy.storage.database import postgresql_turn
from understudy.storage.database.postgresql_turn import _END_WHO_HANGS, LOCK

HOLDS = """
import sys, time
from pathlib import Path
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine

engine = open_engine(open_database(sys.argv[1]), DataDirectory(Path(sys.argv[2])))

def hold(unit):
    unit.meta.get("nothing")
    print("held", flush=True)
    time.sleep(600)

engine.run(hold)
"""


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.database() as url:
        yield url


@contextmanager
def stopped_holder(url: str, data: Path) -> Iterator[None]:
    """Another node, which holds the lock and is stopped."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, url, str(data)],
        env={**os.environ, "PYTHONPATH": "src"},
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            holder.kill()


def test_whoever_waits_ends_a_stopped_holder(url: str, tmp_path: Path) -> None:
    with (
        engine_on(url, tmp_path / "data") as engine,
        stopped_holder(url, tmp_path / "data"),
    ):
        assert engine.submit(marks("after")).result(SECONDS) >= 0


@contextmanager
def held(url: str, statement: str) -> Iterator[psycopg.Connection]:
    """The lock, held by a connection that was last asked for ``statement``."""
    with closing(psycopg.connect(url)) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        holder.execute(statement.encode())
        yield holder


def ended(url: str) -> list[bool]:
    """Whom a waiter would end at this moment."""
    with psycopg.connect(url, autocommit=True) as waiter:
        return [found for (found,) in waiter.execute(_END_WHO_HANGS.encode())]


def test_a_holder_that_was_idle_for_less_than_two_seconds_goes_on(url: str) -> None:
    with held(url, "SELECT 1") as holder:
        assert ended(url) == []
        assert holder.execute("SELECT 1").fetchone() == (1,)


def test_a_holder_that_runs_goes_on_however_long_it_takes(url: str) -> None:
    with closing(psycopg.connect(url)) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        # Sent, and not waited for: the server is at work on it meanwhile.
        holder.pgconn.send_query(b"SELECT pg_sleep(2.5)")
        with psycopg.connect(url, autocommit=True) as waiter:
            waiter.execute("SELECT pg_sleep(2.2)")
        assert ended(url) == []


def test_a_holder_that_was_idle_for_longer_is_ended(url: str) -> None:
    with held(url, "SELECT 1"):
        with psycopg.connect(url, autocommit=True) as waiter:
            waiter.execute(f"SELECT pg_sleep({postgresql_turn.PATIENCE_SECONDS + 0.1})".encode())
        assert ended(url) == [True]
