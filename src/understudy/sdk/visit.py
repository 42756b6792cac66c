"""A request and an answer, free of any framework: what the SDK's own pages see and give."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from understudy.errors import MalformedRequest

MAX_QUERY = 4096
Headers = tuple[tuple[str, str], ...]
# nginx hears the second also where it was told to hear nothing of the first.
_UNKEPT: Headers = (("cache-control", "no-store"), ("x-accel-expires", "0"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A request to the SDK itself. Header names are in lower case; ``base`` is the mount path.

    ``origin`` is the app's own, as this request reached it: scheme and host; ``address`` is where
    it came from. ``at_session_origin`` says that the origin is that of one session. ``request`` is
    the framework's own, as the app's callables get it: Django's request, a WSGI environ, an ASGI
    scope.
    """

    method: str
    origin: str
    base: str
    query: str = ""
    headers: Headers = ()
    address: str | None = None
    at_session_origin: bool = False
    request: Any = field(default=None, repr=False, compare=False)

    def header(self, name: str) -> str | None:
        """The first header ``name``."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def cookie(self) -> bytes:
        """All Cookie headers as one (RFC 9113, section 8.2.3)."""
        return "; ".join(v for k, v in self.headers if k == "cookie").encode("latin-1")

    def parameters(self) -> Mapping[str, str]:
        """The query's parameters.

        :raises MalformedRequest: too long, too many, or one twice (RFC 6749, section 3.1).
        """
        if len(self.query) > MAX_QUERY:
            raise MalformedRequest("The address is too long.")
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, max_num_fields=50)
        except ValueError:
            raise MalformedRequest("The address has too many parameters.") from None
        if len(dict(pairs)) != len(pairs):
            raise MalformedRequest("A parameter is there twice.")
        return dict(pairs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A whole response. ``no-store`` unless ``headers`` say otherwise."""

    status: int = HTTPStatus.OK
    headers: Headers = ()
    body: bytes = b""

    def with_headers(self, *more: tuple[str, str]) -> Answer:
        """The same answer with ``more`` headers."""
        return Answer(status=self.status, headers=(*self.headers, *more), body=self.body)

    def all_headers(self) -> Iterable[tuple[str, str]]:
        """Its headers with those that every answer has."""
        names = {name for name, _ in self.headers}
        defaults = (
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        )
        yield from self.headers
        if "cache-control" not in names:
            yield from _UNKEPT
        yield from (pair for pair in defaults if pair[0] not in names)
        if self.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            yield "content-length", str(len(self.body))


def see_other(location: str, *cookies: str) -> Answer:
    """A redirect after which the browser GETs ``location`` (RFC 9700, section 4.12: never 307)."""
    return Answer(
        status=HTTPStatus.SEE_OTHER,
        headers=(("location", location), *(("set-cookie", cookie) for cookie in cookies)),
    )


def json_answer(body: Mapping[str, object], status: int = HTTPStatus.OK) -> Answer:
    """``body`` as JSON."""
    return Answer(
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(body).encode(),
    )


def problem(status: int, code: str, detail: str, **more: object) -> Answer:
    """An error for programs (RFC 9457); ``code`` is stable."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        **{name: value for name, value in more.items() if value is not None},
    }
    headers: Headers = (("content-type", "application/problem+json"),)
    if status == HTTPStatus.UNAUTHORIZED:
        # RFC 9110, section 15.5.2 wants a challenge; browsers ignore schemes they do not know.
        headers = (*headers, ("www-authenticate", "Understudy"))
    return Answer(status=status, headers=headers, body=json.dumps(body).encode())


def wants_page(headers: Mapping[str, str]) -> bool:
    """True when a person will see the answer as a page of its own.

    ``headers`` are in lower case. Fetch metadata decides where there is any; else what is accepted.
    """
    if "hx-request" in headers or headers.get("x-requested-with", "").lower() == "xmlhttprequest":
        return False
    destination = headers.get("sec-fetch-dest")
    if destination is not None:
        return destination in ("document", "iframe", "frame")
    return "text/html" in headers.get("accept", "")
