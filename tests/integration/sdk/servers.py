"""The servers that people run ASGI apps on, each as a program of its own, on loopback."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import NamedTuple

from tests.fixtures.listening import listening


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


def serving(program: Program, app: str) -> AbstractContextManager[int]:
    """The port on which ``app`` is served until the block is left."""
    options = [option.replace("{app}", app) for option in program.options]
    return listening(["-m", *options], program.listens)
