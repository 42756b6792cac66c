"""The smallest ASGI apps, and what they were asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from understudy.sdk.context import Impersonation, current_impersonation


class Echo:
    """Answers one body to everything; keeps the scopes it was called with, and as whom."""

    def __init__(
        self,
        body: bytes | list[bytes] = b"hello",
        *,
        status: int = 200,
        headers: list[tuple[bytes, bytes]] | None = None,
        look: Callable[[dict[str, Any]], object] | None = None,
    ) -> None:
        self.parts = body if isinstance(body, list) else [body]
        self.status = status
        self.headers = headers if headers is not None else [(b"content-type", b"text/plain")]
        self.scopes: list[dict[str, Any]] = []
        self.as_whom: list[Impersonation | None] = []
        self._look = look

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        self.as_whom.append(current_impersonation())
        if self._look is not None:
            self._look(scope)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for part in self.parts[:-1]:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": self.parts[-1]})

    @property
    def subjects(self) -> list[str | None]:
        """Whose requests arrived; None for those of users themselves."""
        return [found.subject.id if found else None for found in self.as_whom]

    def header(self, name: bytes) -> list[bytes]:
        """The values of a header of the last request."""
        return [value for key, value in self.scopes[-1]["headers"] if key == name]
