"""Runs the service as a process: ``understudy serve``."""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from types import FrameType

import uvicorn

from understudy.config import Settings
from understudy.errors import SetupError, Unavailable
from understudy.flows.people.set_up import offer
from understudy.http.access_log import LogAccess
from understudy.service.access_lines import AccessLines
from understudy.service.app import Service, create_app
from understudy.service.logs import set_up_logging, standard_error
from understudy.service.opening import open_to_serve
from understudy.service.whole_answers import WholeAnswers
from understudy.storage.data_directory import DataDirectory
from understudy.storage.engine.engine import StoreEngine

GRACE_SECONDS = 10
"""How long requests under way may take once the process was asked to stop."""
KEEP_ALIVE_SECONDS = 65
"""Longer than the 60 s of common proxies, so that it is never us who hang up first."""
BACKLOG = 2048
GARBAGE_THRESHOLD = 10_000
"""Objects with references that may be made before the youngest are looked through."""


_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What whoever starts the service wants to know; the set-up link works once."""

    url: str
    set_up_url: str | None = field(default=None, repr=False)


Announce = Callable[[Announcement], None]


def print_announcement(announcement: Announcement) -> None:
    """Tell it on standard output."""
    lines = [f"Understudy is at {announcement.url}"]
    if announcement.set_up_url is not None:
        lines.append("Nobody can sign in yet. Create the first admin within 24 hours here:")
        lines.append(f"  {announcement.set_up_url}")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def serve(settings: Settings, *, announce: Announce = print_announcement) -> None:
    """Serve until a signal says to stop.

    :raises SetupError: when the installation cannot be opened, or the port is taken.
    """
    with closing(standard_error()) as outlet:
        set_up_logging(settings.log_level, outlet)
        _serve(settings, announce, AccessLines(outlet.put))


def _serve(settings: Settings, announce: Announce, log: LogAccess) -> None:
    with listen(settings.host, settings.port) as listening:
        engine, database, halted = open_to_serve(settings)
        try:
            if halted is not None:
                _logger.critical(
                    "sessions can be ended and the log be read, and nothing else: %s",
                    halted,
                    extra={"action": "serve_halted"},
                )
            # Now, as long as there is room: for this process, and for the command line.
            engine.endings.spool.open(spare=True)
            app = create_app(engine, database, settings, log=log, halted=halted)
            token = None if halted is not None else _offered(engine)
            link = None if token is None else f"{settings.public_url}/setup#token={token}"
            _settle()
            # Links that the command line prints lead here; that is no reason not to serve.
            with suppress(SetupError):
                DataDirectory(settings.data_dir).note_served_at(settings.public_url)
            announcement = Announcement(url=settings.public_url, set_up_url=link)
            Server(app, announce=lambda: announce(announcement)).run(sockets=[listening])
        finally:
            engine.close()


def _offered(engine: StoreEngine) -> str | None:
    """A set-up token while there is no operator; none where it cannot be written."""
    try:
        return engine.run(offer)
    except Unavailable as error:
        # A node that can only end sessions is of more use than none.
        _logger.warning(
            "no set-up link could be made: %s",
            error.internal or error.detail,
            extra={"action": "offer_set_up"},
        )
        return None


def _settle() -> None:
    """Take what was made so far for permanent: no collection of garbage need look at it again.

    Requests leave next to no cycles behind, so that it may also run less often than by default.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 20)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to host and port.

    :raises SetupError: when another program has the port, or the host is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SetupError(
                f"Another program listens on port {port} already. "
                "Stop it, or choose another port with --port."
            ) from error
        raise SetupError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


class Server(uvicorn.Server):
    """uvicorn, which ends event streams before it waits for open connections to finish.

    ``announce`` is called once connections are accepted.
    """

    def __init__(self, app: Service, *, announce: Callable[[], None] = lambda: None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=WholeAnswers,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                lifespan="on",
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._service = app
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams, then let requests under way finish."""
        self._service.node.stream.close()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; at a second interrupt, at once.

        The signal is not raised again afterwards: the engine is still to be closed.
        """
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        else:
            self.should_exit = True
