"""The servers that people run WSGI apps on, each as a program of its own, on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.fixtures.listening import listening

APP = "tests.integration.contrib.wsgi.served_app:app"
WSGIREF = (
    "import sys; from wsgiref.simple_server import make_server as make;"
    "from tests.integration.contrib.wsgi.served_app import app;"
    "server = make('127.0.0.1', {port}, app); print('listens', flush=True); server.serve_forever()"
)


@dataclass(frozen=True, kw_only=True)
class Program:
    """A server's command line, and what it says once it listens (so often).

    ``alone`` where a worker has one request at a time, ``keeps`` where connections go on.
    """

    options: tuple[str, ...]
    listens: str
    workers: int = 1
    alone: bool = False
    keeps: bool = True
    chunks: bool = True


def gunicorn(kind: str, *options: str, app: str = APP, workers: int = 2) -> Program:
    number = str(workers)
    chosen = ("--workers", number, "--worker-class", kind, "--graceful-timeout", "1", *options)
    return Program(
        options=("-m", "gunicorn", *chosen, "--bind", "127.0.0.1:{port}", app),
        listens="Booting worker with pid",
        workers=workers,
        alone=kind == "sync",
        keeps=kind != "sync",
    )


SERVERS = {
    "gunicorn, sync": gunicorn("sync"),
    "gunicorn, sync, preload": gunicorn("sync", "--preload"),
    "gunicorn, gthread": gunicorn("gthread", "--threads", "4"),
    "gunicorn, gthread, preload": gunicorn("gthread", "--threads", "4", "--preload"),
    "gunicorn, gevent": gunicorn("gevent"),
    "gunicorn, gevent, preload": gunicorn("gevent", "--preload"),
    "waitress": Program(
        options=("-m", "waitress", "--listen=127.0.0.1:{port}", "--threads=4", APP),
        listens="Serving on",
    ),
    "wsgiref": Program(
        options=("-c", WSGIREF), listens="listens", alone=True, keeps=False, chunks=False
    ),
}


def serving(program: Program, variables: Mapping[str, str]) -> AbstractContextManager[int]:
    """The port on which the app is served until the block is left."""
    return listening(program.options, program.listens, times=program.workers, variables=variables)
