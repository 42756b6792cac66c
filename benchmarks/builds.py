"""Builds of Understudy that are measured against each other: this one, and one of its history."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cycles import CALLERS, cycle_of
from benchmarks.load import Served
from benchmarks.processor import processor_seconds
from benchmarks.scale import Scale
from benchmarks.servers import ROOT, ServerFailed

BEFORE = "95e5add4bc3a93dc22ce898c2ca491c7d7a37fed"
"""The build of 2026-11-22, with which everything later is compared."""
_SERVING = Path(__file__).with_name("serving.py")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """``cost`` is the servers' processor time for one cycle, in microseconds."""

    per_second: float
    cost: float


@dataclass(frozen=True, kw_only=True)
class Build:
    """One build that serves, by processes with these ids."""

    served: Served
    pids: tuple[int, ...]

    def measure(self, scale: Scale) -> Figures:
        """One round of load."""
        before = sum(map(processor_seconds, self.pids))
        done = self.served.load(callers=CALLERS, seconds=scale.seconds)
        spent = sum(map(processor_seconds, self.pids)) - before
        return Figures(per_second=done.cycles / done.seconds, cost=spent / done.cycles * 1e6)


@contextmanager
def checked_out(commit: str) -> Iterator[Path | None]:
    """The tree of ``commit`` in a temporary folder; None where the history is not there."""
    with tempfile.TemporaryDirectory(prefix="understudy-build-") as folder:
        archive = _archive(commit)
        if archive is None:
            yield None
            return
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def _archive(commit: str) -> bytes | None:
    try:
        made = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, capture_output=True, check=False
        )
    except FileNotFoundError:  # no git
        return None
    return made.stdout if made.returncode == 0 else None


@contextmanager
def build(
    tree: Path = ROOT,
    *,
    workers: int = 1,
    database_url: str | None = None,
    policies: bool = False,
) -> Iterator[Build]:
    """The build in ``tree`` while the block runs, over a new installation.

    With ``policies`` its application has a hundred, which only a build that knows them can have.

    :raises ServerFailed: when it does not come up.
    """
    command = [sys.executable, str(_SERVING), f"--users={CALLERS}", f"--workers={workers}"]
    command += [] if database_url is None else [f"--database-url={database_url}"]
    command += ["--policies"] if policies else []
    path = os.pathsep.join((str(tree), str(tree / "src")))
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as serving:
        assert serving.stdin is not None
        assert serving.stdout is not None
        said = serving.stdout.readline()
        if not said:
            raise ServerFailed(f"{command!r} does not serve")
        yield _told(said)
        # Leaving closes its standard input, upon which it stops its servers and ends.


def _told(said: str) -> Build:
    told = json.loads(said)
    first, *others = (server["port"] for server in told["servers"])
    served = Served(port=first, others=tuple(others), cycle=cycle_of(told["headers"]))
    return Build(served=served, pids=tuple(server["pid"] for server in told["servers"]))
