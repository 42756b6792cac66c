"""The answer to a request on its way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from starlette.types import Message, Scope, Send

from understudy.errors import UnderstudyError
from understudy.http.security_headers import SecurityHeaders

WRITE = "understudy.write"
"""Where a server that can write an answer at once offers it in the scope; see `Write`."""
_KEY = "understudy.answer"
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

Write = Callable[[int, bytes, bytes], bool]
"""Takes status, header lines and body; False when it did not, and ASGI messages are due."""


class Answer:
    """Adds the request's id and the security headers, and notes the ``status``.

    ``begun`` is true as soon as anything may have been sent; until then the status is that of a
    failure.
    """

    __slots__ = ("_request_id", "_security", "_send", "_write", "begun", "status")

    def __init__(
        self, scope: Scope, send: Send, *, request_id: str, security: SecurityHeaders
    ) -> None:
        self._send = send
        self._write: Write | None = scope.pop(WRITE, None)
        self._request_id = request_id.encode()
        self._security = security
        self.begun = False
        self.status = 500
        scope[_KEY] = self

    async def send(self, message: Message) -> None:
        """Send a message of ASGI."""
        if message["type"] == "http.response.start":
            headers = self._security.with_missing(message.get("headers", ()))
            message["headers"] = [*headers, (b"x-request-id", self._request_id)]
            self.status, self.begun = message["status"], True
        await self._send(message)

    def write(self, status: int, headers: Sequence[tuple[bytes, bytes]], content: bytes) -> bool:
        """Write all of it at once; False where that cannot be, and messages are due.

        :raises UnderstudyError: when a header would end before its end: the server, which looks at
            those of messages, does not see these.
        """
        if self._write is None or self._security.said_by(headers):
            return False
        lines = [_line(name, value) for name, value in headers]
        lines += (_line(b"x-request-id", self._request_id), self._security.lines)
        written = self._write(status, b"".join(lines), content)
        if written:
            self.status, self.begun = status, True
        return written


def _line(name: bytes, value: bytes) -> bytes:
    if _CONTROL.search(name) is not None or _CONTROL.search(value) is not None:
        raise UnderstudyError(internal="a header of an answer holds a control character")
    return b"%s: %s\r\n" % (name, value)


def let_go(scope: Scope) -> None:
    """Nobody asks any more. Between scope, answer and server it would go round in a circle, and
    wait with everything that the request held for the collector of garbage.
    """
    scope.pop(_KEY, None)


def answer_of(scope: Scope) -> Answer:
    """The answer that the request of ``scope`` gets."""
    found: Answer = scope[_KEY]
    return found
