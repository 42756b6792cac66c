"""What an app pays that has Understudy in its own processes: memory, first use, and its turn."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.footprint import resident_kilobytes
from benchmarks.row import Row
from benchmarks.scale import Scale
from benchmarks.servers import ROOT, python, stop

NAMES = (
    "embedded-start",
    "embedded-memory-sdk",
    "embedded-memory-session",
    "embedded-memory-dashboard",
    "embedded-first-session",
    "embedded-first-visit",
)
START_BAR_SECONDS = 1.0
PROCESSES = 3
CALLERS = 4
_STEPS = {
    "page": "of a process of the app, before any session",
    "session": "after its first session",
    "visit": "after the first visit to its dashboard",
}


def rows(scale: Scale) -> Iterator[Row]:
    """Several processes that write to one SQLite file; one process, step by step."""
    with tempfile.TemporaryDirectory(prefix="understudy-benchmark-") as folder:
        yield _start(Path(folder) / "shared", scale)
        yield from _footprint(Path(folder) / "alone")


def _start(data_dir: Path, scale: Scale) -> Row:
    with ExitStack() as stack:
        apps = [stack.enter_context(_running(data_dir)) for _ in range(PROCESSES)]
        for app in apps:
            app.ask("session")  # what starts cold gets warm before it counts
        for number, app in enumerate(apps):
            app.tell("starts", number * CALLERS, CALLERS, scale.seconds * scale.rounds)
        taken = [seconds for app in apps for seconds in app.answer()]
    return Row(
        name="embedded-start",
        what=f"start + exchange + end, {PROCESSES} processes of {CALLERS} callers each, worst of"
        f" {len(taken)}",
        unit="s",
        value=max(taken),
        at_most=START_BAR_SECONDS,
    )


def _footprint(data_dir: Path) -> Iterator[Row]:
    with _running(data_dir) as app:
        found = {step: (app.ask(step)[0], app.megabytes()) for step in _STEPS}
    for (step, what), name in zip(_STEPS.items(), NAMES[1:4], strict=True):
        yield Row(name=name, what=f"resident memory {what}", unit="MB", value=found[step][1])
    for step, name in (("session", NAMES[4]), ("visit", NAMES[5])):
        yield Row(
            name=name,
            what=f"the first {step} in a process, imports and opening included",
            unit="ms",
            value=found[step][0] * 1000,
        )


class _App:
    """One process of the app."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, verb: str) -> list[float]:
        """What it says of doing so, in seconds."""
        self.tell(verb)
        return self.answer()

    def tell(self, *order: object) -> None:
        """Have it do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def answer(self) -> list[float]:
        """What it says once that is done."""
        assert self._process.stdout is not None
        found: list[float] = json.loads(self._process.stdout.readline())
        return found

    def megabytes(self) -> float:
        """Its resident memory."""
        return resident_kilobytes(self._process.pid) / 1024


@contextmanager
def _running(data_dir: Path) -> Iterator[_App]:
    process = subprocess.Popen(
        python("benchmarks.embedded_app", str(data_dir)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield _App(process)
    finally:
        stop(process)
