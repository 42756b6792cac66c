"""Runs the service and the sample app side by side in one process, until a signal says to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from understudy import Understudy
from understudy.config import Settings
from understudy.demo.accounts import Accounts
from understudy.demo.place import Place, settle
from understudy.demo.web import create_app as create_sample_app
from understudy.errors import SetupError
from understudy.service.app import create_app
from understudy.service.logs import set_up_logging
from understudy.service.opening import open_both
from understudy.service.server import Server, listen

_CALLBACK = "/_understudy/callback"
_GRACE_SECONDS = 3
_TICK_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Running:
    """Both are up: where, and who can sign in."""

    dashboard_url: str
    app_url: str
    session_origins: str | None
    place: Place


def run(
    settings: Settings,
    *,
    app_port: int,
    one_origin: bool = False,
    announce: Callable[[Running], None],
) -> None:
    """Serve both until a signal; the sample app goes first, so that its last actions are logged.

    Cookies know no ports, so the two have different host names: ``localhost`` and
    ``app.localhost``. Each session has a host of its own beside them, unless all shall share the
    app's (``one_origin``).

    :raises SetupError: a taken port, or a data directory that holds something else.
    """
    set_up_logging(settings.log_level)
    app_url = f"http://app.localhost:{app_port}"
    origins = None if one_origin else f"http://*.view.app.localhost:{app_port}"
    with listen(settings.host, settings.port) as ours, _listen(settings.host, app_port) as theirs:
        engine, database = open_both(settings)
        try:
            place = settle(
                engine, settings.data_dir, callback_url=app_url + _CALLBACK, session_origins=origins
            )
            understudy = Understudy.remote(
                f"http://127.0.0.1:{settings.port}",
                place.application_id,
                place.secret,
                public_url=settings.public_url,
                redirect_url=app_url + _CALLBACK,
                session_origins=origins,
            )
            sample = create_sample_app(understudy, Accounts(password=place.password))
            running = Running(
                dashboard_url=settings.public_url,
                app_url=app_url,
                session_origins=origins,
                place=place,
            )
            service = _Service(create_app(engine, database, settings))
            both = _serve_both(service, ours, _Sample(sample), theirs, lambda: announce(running))
            asyncio.run(both)
            understudy.close()
        finally:
            engine.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except SetupError as error:
        # The option of the sample app has another name.
        raise SetupError(error.detail.replace("--port", "--app-port")) from error


class _Quiet(uvicorn.Server):
    """A server that leaves signals to whoever runs two of them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Service(_Quiet, Server):
    """The service, as one of two servers."""


class _Sample(_Quiet):
    """The sample app, as one of two servers."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                # By default uvicorn believes whatever anybody on this machine says of addresses.
                proxy_headers=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )


async def _serve_both(
    service: Server,
    ours: socket.socket,
    sample: _Sample,
    theirs: socket.socket,
    announce: Callable[[], None],
) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(service.serve(sockets=[ours]))
    sampling = asyncio.create_task(sample.serve(sockets=[theirs]))
    stopped = asyncio.create_task(stopping.wait())
    try:
        if await _up(service, serving) and await _up(sample, sampling):
            announce()
            await asyncio.wait({serving, sampling, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        sample.should_exit = True
        await sampling
        service.should_exit = True
        await serving


async def _up(server: uvicorn.Server, task: asyncio.Task[None]) -> bool:
    while not server.started and not task.done():
        await asyncio.sleep(_TICK_SECONDS)
    return server.started
