"""The servers that people run ASGI apps on, each as a program of its own, on loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import NamedTuple

from tests.fixtures.ports import free_port

ROOT = Path(__file__).parents[3]


class Program(NamedTuple):
    """A server's command line for ``{app}`` on ``{port}``, and what it says once it listens."""

    options: tuple[str, ...]
    listens: str


def uvicorn(loop: str, http: str) -> Program:
    chosen = ("--loop", loop, "--http", http)
    return Program(("uvicorn", *chosen, "--port", "{port}", "{app}"), "Uvicorn running on")


SERVERS = {
    "uvicorn, asyncio, httptools": uvicorn("asyncio", "httptools"),
    "uvicorn, asyncio, h11": uvicorn("asyncio", "h11"),
    "uvicorn, uvloop, httptools": uvicorn("uvloop", "httptools"),
    "uvicorn, uvloop, h11": uvicorn("uvloop", "h11"),
    "hypercorn": Program(("hypercorn", "--bind", "127.0.0.1:{port}", "{app}"), "Running on"),
    "granian": Program(
        ("granian", "--interface", "asgi", "--port", "{port}", "{app}"), "Started worker"
    ),
    "daphne": Program(("daphne", "--port", "{port}", "{app}"), "Listening on TCP address"),
}


@contextmanager
def listening(program: Program, app: str) -> Iterator[int]:
    """The port on which ``app`` is served until the block is left."""
    port = free_port()
    options = [option.format(port=port, app=app) for option in program.options]
    with subprocess.Popen(
        [sys.executable, "-m", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            said: list[str] = []
            while program.listens not in "".join(said[-1:]):
                said.append(process.stdout.readline())
                assert said[-1], "".join(said)
            # Granian says so a moment too early.
            while not accepts(port):
                assert process.poll() is None, "".join(said)
            yield port
        finally:
            process.terminate()


def accepts(port: int) -> bool:
    """True once somebody listens."""
    with socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
