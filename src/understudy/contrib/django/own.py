"""A user's own request, while sessions are served in this process, and its page's mark."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Self

from django.http import HttpResponseBase

from understudy.contrib.django.pulling import Pulled
from understudy.contrib.django.responses import put_headers, raw_headers
from understudy.sdk.context import OwnRequest
from understudy.sdk.growing_page import GrowingPage
from understudy.sdk.own_page import OwnPages, OwnVisit


class OwnBody:
    """The response of a user's own request, and ``page``, if it takes a mark.

    It is the user's own to the last of its parts, and so known in what views put into a pool.
    """

    def __init__(
        self, response: HttpResponseBase, own: OwnRequest, page: GrowingPage | None = None
    ) -> None:
        # A file that the server sends by itself runs no code of the app's.
        by_server = page is None and getattr(response, "file_to_stream", None) is not None
        is_pulled = response.streaming and not by_server
        self._pulled = Pulled(response, own) if is_pulled else None
        self._own = own
        self._page = page
        self._is_done = False
        self._held = b""

    @classmethod
    def of(
        cls,
        response: HttpResponseBase,
        own: OwnRequest,
        pages: OwnPages | None = None,
        visit: OwnVisit | None = None,
    ) -> Self:
        """The one of ``response``, whose page is marked by ``pages``."""
        if pages is None or visit is None:
            return cls(response, own)
        return cls(response, own, pages.page(response.status_code, raw_headers(response), visit))

    def hold_back(self) -> None:
        """Pull parts until the headers are settled."""
        while self._pulled is not None and self._waits():
            self._held = self._passed(self._pulled.next())

    async def ahold_back(self) -> None:
        """The same beside an event loop."""
        while self._pulled is not None and self._waits():
            self._held = self._passed(await self._pulled.anext())

    def put_into(self, response: HttpResponseBase, *, is_async: bool) -> HttpResponseBase:
        """Let ``response`` go out with this for its body."""
        if self._pulled is None:
            self._own.over = True
            if self._page is not None:
                response.content = self._page.part(response.content, more=False)
                put_headers(response, self._page.headers)
            return response
        pulled = self._pulled
        response.streaming_content = self._aparts(pulled) if is_async else self._parts(pulled)
        if self._page is not None:
            put_headers(response, self._page.headers)
        response._resource_closers.append(self._close)
        return response

    def _parts(self, pulled: Pulled) -> Iterator[bytes]:
        yield self._held
        while not self._is_done:
            yield self._passed(pulled.next())

    async def _aparts(self, pulled: Pulled) -> AsyncIterator[bytes]:
        yield self._held
        while not self._is_done:
            yield self._passed(await pulled.anext())

    def _waits(self) -> bool:
        return self._page is not None and self._page.waits and not self._is_done

    def _passed(self, part: bytes | None) -> bytes:
        self._is_done = part is None
        if self._page is None:
            return part or b""
        return self._page.part(part or b"", more=part is not None)

    def _close(self) -> None:
        if self._pulled is not None:
            self._pulled.close()
        self._own.over = True
