"""The dashboard under a path of an ASGI app, by ``app.mount("/understudy", dashboard(…))``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from understudy.contrib.asgi.answering import answer_with
from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.embedded.installation import Installation
from understudy.embedded.link import installation_of
from understudy.embedded.mount.overlaid import overlaid_answer
from understudy.embedded.plan import Plan
from understudy.embedded.staff import UNKNOWN_STAFF, names_nobody, said_of
from understudy.last_resort import LastResort
from understudy.sdk.reading import route_path
from understudy.sdk.staff import SignInRequired
from understudy.sdk.understudy import Understudy

if TYPE_CHECKING:
    from understudy.service.app import Service

T = TypeVar("T")

STOP_SECONDS = 5.0
_logger = logging.getLogger("understudy")


def dashboard(understudy: Understudy) -> App:
    """An ASGI app that is the dashboard of an embedded ``understudy``, with its API.

    Mount it at the path of ``url``, inside of whatever signs the app's staff in: ``staff`` gets
    Starlette's request. Nothing of the service is loaded before the first visit.

    :raises SetupError: ``understudy`` is a link to a service.
    """
    return _Dashboard(installation_of(understudy))


class _Dashboard:
    """Runs a service in the event loop of whoever visits; an app has one, its tests have many."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._services: dict[asyncio.AbstractEventLoop, asyncio.Task[Service]] = {}
        self._stopping: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one visit."""
        if scope["type"] == "http":
            refusal = overlaid_answer(scope, route_path(scope))
            if refusal is not None:
                await answer_with(refusal, scope, send)
                return
            scope = await _with_staff(scope, self._installation.plan)
        service = await self._running()
        await service(scope, receive, send)

    async def _running(self) -> Service:
        """The service of this event loop, started once; what failed is tried again."""
        loop = asyncio.get_running_loop()
        starting = self._services.get(loop)
        if starting is None:
            self._forget_loops_that_are_gone()
            self._installation.runs_in(loop)
            starting = self._services[loop] = loop.create_task(self._start(loop))
            starting.add_done_callback(lambda ended: self._forget_failed(loop, ended))
        # Others wait for it as well, whatever becomes of this visit.
        return await asyncio.shield(starting)

    def _forget_failed(self, loop: asyncio.AbstractEventLoop, ended: asyncio.Task[Service]) -> None:
        if ended.cancelled() or ended.exception() is not None:
            self._services.pop(loop, None)

    async def _start(self, loop: asyncio.AbstractEventLoop) -> Service:
        # In a thread: the first one imports the service and opens the database.
        service = await asyncio.to_thread(self._installation.service)
        await service.start()
        self._installation.before_close(lambda: self._stop(loop, service))
        return service

    def _forget_loops_that_are_gone(self) -> None:
        """Tests run a loop for each request."""
        for gone in [loop for loop in self._services if loop.is_closed()]:
            starting = self._services.pop(gone)
            if starting.done() and not starting.cancelled() and starting.exception() is None:
                starting.result().abandon()

    def _stop(self, loop: asyncio.AbstractEventLoop, service: Service) -> None:
        """End its streams and its work, from whichever thread closes the installation."""
        self._services.pop(loop, None)
        if not loop.is_running():
            service.abandon()
        elif _is_here(loop):
            # Nothing of it can be waited for on its own thread.
            service.abandon()
            self._stopping = loop.create_task(service.stop())
        else:
            asyncio.run_coroutine_threadsafe(service.stop(), loop).result(STOP_SECONDS)


def _is_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this thread is the one of ``loop``."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


async def _with_staff(scope: Scope, plan: Plan) -> Scope:
    """``scope``, which says who makes the request."""
    if names_nobody(route_path(scope)):
        return {**scope, **said_of(None, None)}
    # Starlette is there where the service is.
    from starlette.requests import Request

    request, check = Request(scope), plan.check_password

    async def is_right(password: str) -> bool:
        # Nothing that is only like a yes.
        return check is not None and await _asked(lambda: check(request, password)) is True

    # It is the app's own code: an answer of ours says so, and never its page.
    with LastResort(_logger, "staff raised", action="ask_staff"):
        given = await _asked(lambda: plan.staff(request))
        return {**scope, **said_of(given, None if check is None else is_right)}
    return {**scope, **UNKNOWN_STAFF}


async def _asked(ask: Callable[[], T | Awaitable[T]]) -> T | SignInRequired:
    """What the app says or raises; a plain function has a thread, where it may wait."""
    try:
        answer = await asyncio.to_thread(ask)
        return await answer if isinstance(answer, Awaitable) else answer
    except SignInRequired as required:
        return required
