"""The dashboard under a path of an ASGI app, by ``app.mount("/understudy", dashboard(…))``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.embedded.installation import Installation
from understudy.embedded.link import installation_of
from understudy.sdk.understudy import Understudy

if TYPE_CHECKING:
    from understudy.service.app import Service

STOP_SECONDS = 5.0


def dashboard(understudy: Understudy) -> App:
    """An ASGI app that is the dashboard of an embedded ``understudy``, with its API.

    Mount it at the path of ``url``. Nothing of the service is loaded before the first visit.

    :raises SetupError: ``understudy`` is a link to a service.
    """
    return _Dashboard(installation_of(understudy))


class _Dashboard:
    """Runs a service in the event loop of whoever visits; an app has one, its tests have many."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._services: dict[asyncio.AbstractEventLoop, asyncio.Task[Service]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one visit."""
        service = await self._running()
        await service(scope, receive, send)

    async def _running(self) -> Service:
        """The service of this event loop, started once; what failed is tried again."""
        loop = asyncio.get_running_loop()
        starting = self._services.get(loop)
        if starting is None:
            starting = self._services[loop] = loop.create_task(self._start(loop))
        try:
            # Others wait for it as well, whatever becomes of this visit.
            return await asyncio.shield(starting)
        except Exception:
            self._services.pop(loop, None)
            raise

    async def _start(self, loop: asyncio.AbstractEventLoop) -> Service:
        # In a thread: the first one imports the service and opens the database.
        service = await asyncio.to_thread(self._installation.service)
        await service.start()
        self._installation.before_close(lambda: self._stop(loop, service))
        return service

    def _stop(self, loop: asyncio.AbstractEventLoop, service: Service) -> None:
        """End its streams and its work, from whichever thread closes the installation."""
        self._services.pop(loop, None)
        if loop.is_running():
            asyncio.run_coroutine_threadsafe(service.stop(), loop).result(STOP_SECONDS)
