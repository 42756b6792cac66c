"""What happens around every request, in one layer of pure ASGI.

Each layer of its own costs a request a coroutine, and each message of its answer another; a base
class that buffers or starts tasks costs hundreds of microseconds and breaks context variables.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from understudy.config import Network
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.errors import UnderstudyError
from understudy.http.access_log import AccessLine, LogAccess, log_access
from understudy.http.answer import Answer, let_go
from understudy.http.client_address import client_address
from understudy.http.incoming import Headers, Incoming
from understudy.http.metrics import Metrics
from understudy.http.problems import presentable, problem_response
from understudy.http.security_headers import SecurityHeaders

CLIENT_GONE = 499
"""The status that is noted when the client went away: none was seen by anybody."""

_logger = logging.getLogger(__name__)
# Whatever looks like one of our tokens has no business in a log.
_ACCEPTABLE_ID = re.compile(rf"(?!{'|'.join(TokenPurpose)})[A-Za-z0-9_-]{{8,64}}")


class Rim:
    """Names the request and its address, hardens its answer, notes how it went, and is the last
    resort: whatever goes wrong further in, the caller gets a problem and no internals.

    ``new_id`` makes request ids; ``trusted`` are the proxies whose ``X-Forwarded-For`` is believed;
    ``timer`` is monotonic, in seconds. Streams are noted when they end.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        new_id: Callable[[], str],
        trusted: tuple[Network, ...],
        security: SecurityHeaders,
        metrics: Metrics,
        timer: Callable[[], float],
        log: LogAccess = log_access,
    ) -> None:
        self._app = app
        self._new_id = new_id
        self._trusted = trusted
        self._security = security
        self._metrics = metrics
        self._timer = timer
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; the answer carries ``X-Request-Id``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._timer()
        # First of all, so that whatever goes wrong below can be found by its id.
        request = self._identified(scope)
        request.attach(scope)
        answer = Answer(scope, send, request_id=request.request_id, security=self._security)
        try:
            await self._app(scope, receive, answer.send)
        except asyncio.CancelledError:
            # Noted, and raised again: whoever has cancelled the task waits for its end.
            answer.status = CLIENT_GONE
            raise
        except Exception as error:
            # Broad, as the last resort of the whole service (ASVS 16.5.4).
            _log_error(error, request.request_id)
            # Half an answer cannot be taken back: the server breaks the connection off, which
            # clients notice.
            if answer.begun:
                raise
            shape = request.shape or problem_response
            await shape(presentable(error), request)(scope, receive, answer.send)
        finally:
            let_go(scope)
            # Here, since also a cancelled request has cost something and belongs into the figures.
            self._note(scope["method"], request, answer.status, self._timer() - started)

    def _identified(self, scope: Scope) -> Incoming:
        headers = Headers(scope["headers"])
        given = headers.get("x-request-id")
        acceptable = given is not None and _ACCEPTABLE_ID.fullmatch(given)
        # Absent on a Unix socket: with no peer to trust, nobody's word for an address is taken.
        peer = scope.get("client")
        return Incoming(
            request_id=given if given is not None and acceptable else self._new_id(),
            address=client_address(peer[0] if peer else None, headers, self._trusted),
            headers=headers,
            base=scope.get("root_path") or "",
        )

    def _note(self, method: str, request: Incoming, status: int, seconds: float) -> None:
        self._metrics.request(method, request.route, status, seconds)
        self._log(
            AccessLine(
                request_id=request.request_id,
                method=method,
                route=request.route,
                status=status,
                seconds=seconds,
                address=request.address,
                caller=request.caller,
            )
        )


def _log_error(error: Exception, request_id: str) -> None:
    """What callers may read is not worth a line."""
    if not isinstance(error, UnderstudyError):
        extra = {"action": "answer_unexpected", "request_id": request_id}
        _logger.error("unexpected", exc_info=error, extra=extra)
    elif error.internal:
        extra = {"action": "answer_problem", "request_id": request_id, "code": error.code}
        _logger.warning("%s: %s", error.code, error.internal, extra=extra)
