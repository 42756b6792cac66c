"""Several processes on one database, and what is left when one is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.contract.storage.engines import engine_on, is_marked, marks, words_in_log
from understudy.storage.engine.engine import StoreEngine

ROOT = Path(__file__).parents[3]
SECONDS = 60.0


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def worker(url: str, directory: Path, name: str, total: int) -> Iterator[subprocess.Popen[str]]:
    """A worker that is gone when the block ends."""
    command = [sys.executable, "-m", "tests.contract.storage.engine_worker"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    process = subprocess.Popen(
        [*command, url, str(directory), name, str(total)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answers(lines: IO[str] | list[str] | None) -> dict[str, int]:
    """Words and indexes of the answered flows; a line that was cut off does not count."""
    assert lines is not None
    whole = (line.split() for line in lines if line.endswith("\n"))
    return {word: int(index) for word, index in whole}


def words_at(engine: StoreEngine, indexes: dict[str, int]) -> dict[str, int]:
    """The same words, with the indexes at which the log has them."""
    words = words_in_log(engine)
    places = {word: place for place, word in enumerate(words, start=1)}
    return {word: places[word] for word in indexes if word in places}


def test_processes_that_write_at_once_share_one_log_that_verifies(
    database_url: str, directory: Path
) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(database_url, directory, name, 150)) for name in "ab"]
        told = [answers(process.stdout) for process in workers]
        assert [process.wait(SECONDS) for process in workers] == [0, 0]
    both = told[0] | told[1]
    assert sorted(both.values()) == list(range(1, 301))
    with engine_on(database_url, directory) as engine:
        report = engine.verify()
        assert (report.ok, report.entries) == (True, 301)
        assert words_at(engine, both) == both


@pytest.mark.parametrize("after", [1, 300])
def test_every_answered_flow_is_there_after_a_process_was_killed(
    database_url: str, directory: Path, after: int
) -> None:
    with worker(database_url, directory, "a", 0) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after)]
        process.kill()
        lines += process.stdout.readlines()
        process.wait(SECONDS)
    told = answers(lines)
    assert len(told) >= after
    with engine_on(database_url, directory) as engine:
        assert words_at(engine, told) == told
        assert all(is_marked(engine, word) for word in told)
        report = engine.verify()
        assert report.ok
        assert engine.run(marks("afterwards")) == report.entries
