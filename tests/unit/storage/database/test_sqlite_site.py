"""Working on the schema of a file beside other processes."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.storage.database.migrations import Index
from understudy.storage.database.sqlite_file import SqliteFile
from understudy.storage.database.sqlite_site import SqliteSite

HOLD = """
import fcntl, sys
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "understudy.db-migration"


@pytest.fixture
def site(tmp_path: Path, lock: Path) -> Iterator[SqliteSite]:
    file = SqliteFile(tmp_path / "understudy.db", 0.1)
    with closing(file.set_up()) as raw:
        yield SqliteSite(file, raw, lock=lock)


def never() -> None:
    raise AssertionError("there was nobody to wait for")


def test_who_is_alone_does_not_wait(site: SqliteSite, lock: Path) -> None:
    for _ in range(2):
        with site.alone(never):
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_killed_process_gives_way_at_once(site: SqliteSite, lock: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with site.alone(other.kill):
            pass
        assert other.wait() != 0


def test_a_lock_that_cannot_be_opened_is_a_setup_error_that_names_it(
    site: SqliteSite, lock: Path
) -> None:
    lock.mkdir()
    with pytest.raises(errors.SetupError) as caught, site.alone(never):
        pass
    assert caught.value.code == "setup_error"
    assert str(lock) in caught.value.detail


def test_what_fails_under_the_lock_leaves_nothing(site: SqliteSite) -> None:
    twice = ["CREATE TABLE things (id {text}){strict}"] * 2
    with refusal_of(errors.Unavailable, "unavailable"), site.locked() as port:
        list(map(port.execute, twice))
    with site.reading() as port:
        assert port.execute("SELECT name FROM sqlite_master") == []


def test_an_index_may_be_built_and_dropped_again_and_again(site: SqliteSite) -> None:
    with site.locked() as port:
        port.execute("CREATE TABLE things (id {text}){strict}")
    by_id, gone = (Index(name="by_id", definition=one) for one in ("ON things (id)", ""))
    found = []
    for index in (by_id, by_id, gone, gone):
        site.build(index)
        with site.reading() as port:
            found.append(len(port.execute("SELECT name FROM sqlite_master WHERE type = 'index'")))
    assert found == [1, 1, 0, 0]


def test_another_writer_is_waited_for_and_then_reported(site: SqliteSite, tmp_path: Path) -> None:
    path = tmp_path / "understudy.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.StorageBusy) as caught, site.locked():
            pass
        assert caught.value.code == "storage_busy"
        with site.reading() as port:
            assert port.execute("SELECT 1") == [(1,)]
