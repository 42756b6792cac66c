"""One line in the access log and one observation in the metrics for every request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.http.access_log import AccessLine, LogAccess, log_access
from understudy.http.incoming import incoming
from understudy.http.metrics import Metrics


class Observed:
    """``timer`` is monotonic, in seconds. Streams are noted when they end."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        timer: Callable[[], float],
        log: LogAccess = log_access,
    ) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics
        self._timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._timer()
        status = int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        except asyncio.CancelledError:
            status = 499  # the client went away; no status was seen by anybody
            raise
        finally:
            request = incoming(scope)
            seconds = self._timer() - started
            self._metrics.request(scope["method"], request.route, status, seconds)
            self._log(
                AccessLine(
                    request_id=request.request_id,
                    method=scope["method"],
                    route=request.route,
                    status=status,
                    seconds=seconds,
                    address=request.address,
                    caller=request.caller,
                )
            )
