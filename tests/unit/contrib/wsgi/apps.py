"""The smallest WSGI apps, and what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.unit.contrib.wsgi.server import HTML, TEXT
from understudy.contrib.wsgi.types import Environ
from understudy.sdk.context import Impersonation, current_impersonation


class Echo:
    """Answers one body to everything; keeps what it was asked, as whom, and whether it was closed.

    With ``late`` it begins its answer as its first part is asked for.
    """

    def __init__(
        self,
        body: bytes | list[bytes] = b"hello",
        *,
        status: str = "200 OK",
        headers: list[tuple[str, str]] | None = None,
        look: Callable[[Environ], object] | None = None,
        between: Callable[[], object] | None = None,
        late: bool = False,
    ) -> None:
        self.parts = body if isinstance(body, list) else [body]
        self.status = status
        self.headers = headers if headers is not None else [TEXT]
        self.environs: list[Environ] = []
        self.as_whom: list[Impersonation | None] = []
        self.closed = 0
        self._look = look
        self._between = between
        self._late = late

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self.environs.append(environ)
        self.as_whom.append(current_impersonation())
        if self._look is not None:
            self._look(environ)
        if not self._late:
            start_response(self.status, list(self.headers))
        return Body(self._body(start_response), self)

    def _body(self, start_response: Any) -> Iterator[bytes]:
        if self._late:
            start_response(self.status, list(self.headers))
        for number, part in enumerate(self.parts):
            if number and self._between is not None:
                self._between()
            self.as_whom.append(current_impersonation())
            yield part

    @property
    def subjects(self) -> set[str | None]:
        """Whose requests arrived, and for whom parts were made; None for users themselves."""
        return {found.subject.id if found else None for found in self.as_whom}

    def header(self, name: str) -> str | None:
        """A header of the last request."""
        found: str | None = self.environs[-1].get(name)
        return found


class Body:
    """Parts, and whether they were closed."""

    def __init__(self, parts: Iterator[bytes], app: Echo) -> None:
        self._parts = parts
        self._app = app

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        self._app.closed += 1
        self._app.as_whom.append(current_impersonation())


def writing(*parts: bytes, rest: tuple[bytes, ...] = (), between: Any = lambda: None) -> Any:
    """An app that pushes ``parts`` out, and returns the ``rest``."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [HTML])
        for number, part in enumerate(parts):
            if number:
                between()
            write(part)
        return list(rest)

    return app
