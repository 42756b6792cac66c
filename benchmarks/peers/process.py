"""A program in a process of its own, measured round by round."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.peers import DATABASE
from benchmarks.rounds import Round
from benchmarks.servers import ROOT, python, stop


@contextmanager
def measured(program: str, *names: str, calls: int) -> Iterator[Mapping[str, Round]]:
    """The rounds of ``calls`` calls that the module ``program`` offers under ``names``."""
    with tempfile.TemporaryDirectory(prefix="peer-benchmark-") as folder:
        environment = {DATABASE: str(Path(folder) / "site.sqlite3")}
        with answering(python(program), *names, calls=calls, environment=environment) as rounds:
            yield rounds


@contextmanager
def answering(
    command: Sequence[str], *names: str, calls: int, environment: Mapping[str, str] | None = None
) -> Iterator[Mapping[str, Round]]:
    """The same of any command that answers lines as those programs do."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield {name: partial(_round, process, f"{name} {calls}\n") for name in names}
    finally:
        stop(process)


def _round(process: subprocess.Popen[str], asked: str) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(asked)
    process.stdin.flush()
    return float(process.stdout.readline())
