"""The last resort: whatever goes wrong further in, the caller gets a problem and no internals."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.errors import UnderstudyError
from understudy.http.incoming import incoming
from understudy.http.problems import presentable, problem_response

_logger = logging.getLogger(__name__)


class Guarded:
    """Turns exceptions into problems (RFC 9457), or into what the request's protocol knows."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception as error:
            # Broad, for it is the last resort (ASVS 16.5.4).
            request = incoming(scope)
            if not isinstance(error, UnderstudyError) or error.internal:
                _log(error, request.request_id)
            if begun:
                raise
            answer = request.shape or problem_response
            await answer(presentable(error), request)(scope, receive, send)


def _log(error: Exception, request_id: str) -> None:
    if isinstance(error, UnderstudyError):
        _logger.warning("%s: %s", error.code, error.internal, extra={"request_id": request_id})
    else:
        _logger.error("unexpected", exc_info=error, extra={"request_id": request_id})
