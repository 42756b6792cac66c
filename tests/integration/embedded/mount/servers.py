"""The servers that these apps run on."""

from __future__ import annotations

from tests.integration.contrib.wsgi.servers import Program, gunicorn

_WSGI = "tests.integration.embedded.mount.wsgi_site:app"
_ASGI = "tests.integration.embedded.mount.asgi_site:app"
_WORKERS = 3


def _gunicorn(kind: str, *options: str) -> Program:
    # Who keeps a connection keeps to a process, on a slow machine as well.
    kept = ("--preload", "--keep-alive", "30", *options)
    return gunicorn(kind, *kept, app=_WSGI, workers=_WORKERS)


SERVERS = {
    "gunicorn, sync": _gunicorn("sync"),
    "gunicorn, gthread": _gunicorn("gthread", "--threads", "4"),
    "gunicorn, gevent": _gunicorn("gevent"),
    "uvicorn": Program(
        options=("-m", "uvicorn", "--workers", "2", "--port", "{port}", _ASGI),
        listens="Application startup complete",
        workers=2,
    ),
}
ALONE = ("gunicorn, sync",)
"""Where a worker has one request at a time."""
OF_THREADS = ("gunicorn, gthread",)
"""Where an open stream takes one thread of several."""
FREE = ("gunicorn, gevent", "uvicorn")
"""Where streams take nothing away from others."""
