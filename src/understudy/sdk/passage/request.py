"""A request as a framework's adapter tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from understudy.sdk.guard import Asked
from understudy.sdk.place import OWN_HOST, Place
from understudy.sdk.unmarked import Unmarked

READ = frozenset(
    {
        "accept",
        "content-encoding",
        "content-type",
        "hx-request",
        "if-match",
        "origin",
        "referer",
        "sec-fetch-dest",
        "service-worker",
        "user-agent",
        "x-requested-with",
    }
)
"""The only headers that a passage reads by name; an adapter may leave out all others."""


class Request(NamedTuple):
    """What the passage goes by. A tuple because one is made for each request of a session.

    ``method`` is ``WEBSOCKET`` for a live connection. ``base`` is the path that the app is mounted
    at, ``origin`` its own as this request reached it. Names of ``headers`` are in lower case.
    ``address`` is where the request came from, by the server's word alone: headers can be made up.
    ``query`` is as it came, but for a page's mark; ``place`` is found out by the passage.
    """

    asked: Asked
    method: str
    path: str
    base: str
    origin: str
    headers: Mapping[str, str]
    address: str | None
    query: str = ""
    place: Place = OWN_HOST

    def at(self, place: Place) -> Request:
        """The same request at ``place``, which is not the app's own host.

        Nobody else's page is ever open there, so that no mark is asked for.
        """
        asked = replace(self.asked, unmarked=Unmarked.PASSES)
        return self._replace(asked=asked, place=place)

    @property
    def host(self) -> str:
        """The Host header, in lower case."""
        return self.origin.partition("://")[2]

    @property
    def target(self) -> str:
        """Path and query, as the browser would ask for it again."""
        base, path = self.base, self.path
        whole = path if path.startswith(base) else base + path
        # Never two slashes at the front, which would name a host.
        target = "/" + quote(whole.lstrip("/"), safe="/:@!$&'()*+,;=~")
        return f"{target}?{self.query}" if self.query else target
