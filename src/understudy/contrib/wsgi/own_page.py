"""A page of the agent's own on its way to the browser, where it gets its mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from understudy.contrib.wsgi.pulling import Pulled
from understudy.contrib.wsgi.said import Said
from understudy.contrib.wsgi.types import App, Environ, StartResponse, Write
from understudy.sdk.context import OwnRequest, begun
from understudy.sdk.environ import text_headers
from understudy.sdk.growing_page import GrowingPage
from understudy.sdk.own_page import OwnPages, OwnVisit


class OwnPageAnswer:
    """Stands between the app and the server for one response, and changes nothing but pages."""

    def __init__(
        self, pages: OwnPages, visit: OwnVisit, own: OwnRequest, start_response: StartResponse
    ) -> None:
        self._pages = pages
        self._visit = visit
        self._own = own
        self._start_response = start_response
        self._said = Said(self._write)
        self._page: GrowingPage | None = None
        self._send: Write | None = None
        self._pulled: Pulled | None = None
        self._has_begun = False
        self._is_done = False

    def called(self, app: App, environ: Environ) -> Iterable[bytes]:
        """Call the app."""
        with begun(self._own):
            self._pulled = Pulled(app(environ, self._said), self._own)
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._is_done and self._pulled is not None:
            part = self._pulled.next()
            if part == b"" and not self._said.is_final:
                continue  # before its first part an app need not have begun
            more = part is not None and not self._pulled.is_one
            self._is_done = not more
            sent = self._passed(part or b"", more=more)
            # Also an empty part: one for one, so that the server has its turn (PEP 3333).
            if sent or (self._has_begun and more):
                return sent
        raise StopIteration

    def close(self) -> None:
        """The server is done."""
        with self._own:
            if self._pulled is not None:
                self._pulled.close()

    def _passed(self, part: bytes, *, more: bool) -> bytes:
        said = self._said
        if said.line is None:
            raise AssertionError("The app has not called start_response.")
        if not said.is_final:
            said.is_final = True
            self._page = self._pages.page(said.status, said.headers, self._visit)
        page = self._page
        sent = part if page is None else page.part(part, more=more)
        if not self._has_begun and (page is None or not page.waits):
            self._has_begun = True
            headers = said.headers if page is None else page.headers
            self._send = self._start_response(said.line, text_headers(headers))
        return sent

    def _write(self, part: bytes) -> None:
        sent = self._passed(part, more=True) if part else b""
        if sent and self._send is not None:
            self._send(sent)
