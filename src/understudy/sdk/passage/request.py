"""A request as a framework's adapter tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from understudy.sdk.guard import Asked

READ = frozenset(
    {"accept", "hx-request", "origin", "sec-fetch-dest", "user-agent", "x-requested-with"}
)
"""The only headers that a passage reads by name; an adapter may leave out all others."""


class Request(NamedTuple):
    """What the passage goes by. A tuple because one is made for each request of a session.

    ``method`` is ``WEBSOCKET`` for a live connection. ``base`` is the path that the app is mounted
    at, ``origin`` its own as this request reached it. Names of ``headers`` are in lower case.
    ``address`` is where the request came from, by the server's word alone: headers can be made up.
    """

    asked: Asked
    method: str
    path: str
    base: str
    origin: str
    headers: Mapping[str, str]
    address: str | None
