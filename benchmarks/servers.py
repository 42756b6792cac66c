"""Programs that run beside the measurement, each stopped by its own id when the block is left."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 15.0
ROOT = Path(__file__).resolve().parents[1]


class ServerFailed(RuntimeError):
    """A program did not come up, or ended by itself; the text ends in what it said."""


def free_port() -> int:
    """A port that nobody listens on at the moment; take it soon."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module`` with this very Python."""
    return [sys.executable, "-m", module, *arguments]


@contextmanager
def running(
    command: Sequence[str], *, port: int, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """``command`` while the block runs; entered once it accepts connections on ``port``.

    :raises ServerFailed: when it does not.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        try:
            _require_open(process, port, said)
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[Any]) -> None:
    """End ``process`` within a bounded time, and close what leads to it."""
    with process:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _require_open(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    said.seek(0)
    text = said.read()[-2000:].decode(errors="replace")
    raise ServerFailed(f"{process.args!r} does not listen on port {port}\n{text}")
