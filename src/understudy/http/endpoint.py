"""One endpoint of the HTTP API, declared as data: routing, checks and OpenAPI read the same table.

Each module of ``routes`` exports ``ENDPOINTS``. A handler gets a `Call` and answers a struct of
``schemas`` (sent as JSON with the declared status), None (for 204), or a finished response.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from understudy.errors import UnderstudyError
from understudy.http.access import Access
from understudy.http.call import Call
from understudy.http.incoming import Incoming, Shape
from understudy.http.node import Node
from understudy.http.query import NoQuery, Query
from understudy.http.rate_limits import RateClass

__all__ = [
    "API",
    "FORM",
    "JSON",
    "MAX_BATCH_BYTES",
    "MAX_BODY_BYTES",
    "MAX_IMPORT_BYTES",
    "MAX_TEXT_BYTES",
    "NOTHING",
    "Answered",
    "Body",
    "Endpoint",
    "Handler",
    "RateClass",
    "answers",
]

API = "/api/v1"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 64 * 1024
MAX_BATCH_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 512 * 1024
"""For bodies with a text of 65,536 characters in them, however they are written."""
MAX_IMPORT_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Body:
    """What an endpoint takes: a struct as JSON, or raw bytes in one of ``media``.

    ``reads`` is what is decoded instead of what is no ``type``, NUL included, where the handler
    mends it itself.
    """

    type: Any
    reads: Any = None
    media: tuple[str, ...] = (JSON,)
    required: bool = True
    max_bytes: int = MAX_BODY_BYTES


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One thing that an endpoint answers; ``type`` is None when there is no JSON to describe."""

    type: Any = None
    status: int = HTTPStatus.OK
    media: tuple[str, ...] = (JSON,)
    description: str = ""


_PARAMETER = re.compile(r"\{(\w+)(?::rest)?\}")

NOTHING = Answered(status=HTTPStatus.NO_CONTENT, media=(), description="Done.")

Handler = Callable[[Call[Any, Any]], Awaitable[object]]
Preflight = Callable[[Node, Incoming], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One method of one path. ``{name}`` in the path stands for a segment, ``{name:rest}`` for all.

    ``problems`` are those beyond what access, body, query and rate class imply. ``form`` lets a
    plain HTML form ask as well. What an ``idempotent`` one is asked may come ``in_parts``. With
    ``raw_query`` the handler reads the query itself, for protocols whose rules about it are not
    ours; ``query`` then only documents it. ``on_error`` answers errors in a protocol's own shape.
    ``head`` is False where even asking has an effect.
    One that ``ends`` sessions, or says that they are over, is served also where nothing can be
    written, and one that ``ends_unread`` also to callers who cannot be looked up, but were seen.
    ``preflight`` answers what browsers ask before a page of another site may call (CORS); such an
    endpoint looks at the origin itself. ``counts_itself`` is for endpoints that know better than by
    address against whom a call counts. ``own_accounts`` is for what makes or uses passwords of this
    installation: it is not there where an app signs operators in.
    """

    method: str
    path: str
    operation: str
    summary: str
    tag: str
    access: Access
    handler: Handler
    answers: tuple[Answered, ...]
    body: Body | None = None
    query: type[Query] = NoQuery
    problems: tuple[type[UnderstudyError], ...] = ()
    idempotent: bool = False
    in_parts: bool = False
    form: bool = False
    raw_query: bool = False
    head: bool = True
    on_error: Shape | None = None
    preflight: Preflight | None = None
    ends: bool = False
    ends_unread: bool = False
    headers: tuple[str, ...] = ()
    rate: RateClass = RateClass.READ
    counts_itself: bool = False
    own_accounts: bool = False
    description: str = ""

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's parameters, in order."""
        return tuple(_PARAMETER.findall(self.path))

    @cached_property
    def status(self) -> int:
        """The status of an answer that the handler gives as a value."""
        return self.answers[0].status

    @cached_property
    def safe(self) -> bool:
        """True when the method changes nothing (RFC 9110, section 9.2.1)."""
        return self.method in ("GET", "HEAD")


def answers(
    type_: object, *, status: int = HTTPStatus.OK, description: str = ""
) -> tuple[Answered]:
    """The usual case: one struct as JSON."""
    return (Answered(type=type_, status=status, description=description),)
