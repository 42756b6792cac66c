"""The smallest WSGI server, as strict as PEP 3333 and under the standard library's checker."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.validate import validator

import pytest

from tests.fixtures.browser import PAGE
from understudy.contrib.wsgi.types import Environ
from understudy.testing import FakeSession

ORIGIN = "http://app.localhost:8701"
HTML = ("Content-Type", "text/html; charset=utf-8")
TEXT = ("Content-Type", "text/plain")
App = Callable[..., Any]
__all__ = ["HTML", "ORIGIN", "PAGE", "TEXT", "App", "Got", "asked", "page", "served", "start"]


def page(session: FakeSession) -> dict[str, str]:
    """The headers of a request for a page in ``session``."""
    return {**PAGE, **session.headers}


@dataclass(kw_only=True)
class Got:
    """What reached the browser. ``whole`` is False when it ended before its end."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    whole: bool = False
    error: BaseException | None = None

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)

    @property
    def code(self) -> int:
        return int(self.status.split()[0])

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]


def asked(
    path: str = "/orders",
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
    **more: Any,
) -> Environ:
    """What a server tells of a request, with ``more`` of its own."""
    raw, _, query = path.partition("?")
    named = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in (headers or {}).items()}
    kinds = {n: named.pop(f"HTTP_{n}") for n in ("CONTENT_TYPE",) if f"HTTP_{n}" in named}
    length = {} if body is None else {"CONTENT_LENGTH": str(len(body))}
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw).decode("latin-1"),
        "RAW_URI": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "app.localhost",
        "SERVER_PORT": "8701",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_HOST": ORIGIN.partition("://")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **named,
        **kinds,
        **length,
        **more,
    }


def start(*_: object) -> Any:
    """A server that begins its answer."""
    return lambda _: None


class Response:
    """What the server knows of one answer: nothing goes out before the first part that is one."""

    def __init__(self) -> None:
        self.got = Got()
        self._said: tuple[str, list[tuple[str, str]]] | None = None
        self._has_gone_out = False

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info is not None and self._has_gone_out:
            raise exc_info[1].with_traceback(exc_info[2])
        assert exc_info is not None or self._said is None, "said twice"
        self._said = (status, headers)
        return self.write

    def write(self, part: bytes) -> None:
        if part:
            self._go_out()
            self.got.parts.append(part)

    def end(self) -> None:
        self._go_out()
        self.got.whole = True

    def _go_out(self) -> None:
        assert self._said is not None, "never said"
        if not self._has_gone_out:
            self._has_gone_out = True
            self.got.status, self.got.headers = self._said


def served(app: App, environ: Environ, *, leaves_after: int | None = None) -> Got:
    """What a browser gets of ``app``, which it leaves after so many parts."""
    response = Response()
    try:
        parts: Any = validator(app)(environ, response.start)
        try:
            for part in parts:
                response.write(part)
                if leaves_after is not None and len(response.got.parts) >= leaves_after:
                    return response.got
            response.end()
        finally:
            parts.close()
    except (Exception, SystemExit) as error:
        # What a server makes of it is its own; nothing of that is looked at here.
        if isinstance(error, pytest.fail.Exception):
            raise
        response.got.error = error
    return response.got
