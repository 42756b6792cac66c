"""The names of WSGI (PEP 3333), once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Protocol

from understudy.sdk.environ import Environ

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
"""As ``sys.exc_info()`` gives it."""
TextHeaders = list[tuple[str, str]]
Write = Callable[[bytes], object]


class StartResponse(Protocol):
    """What a server, or middleware around an app, gives it to begin its answer."""

    def __call__(
        self, status: str, headers: TextHeaders, exc_info: ExcInfo | None = None, /
    ) -> Write:
        """Begin; what comes back takes parts of the body, as older apps want it."""


App = Callable[[Environ, StartResponse], Iterable[bytes]]
__all__ = ["App", "Environ", "ExcInfo", "StartResponse", "TextHeaders", "Write"]
