"""What people look at: the dashboard, the reference, and the way to the canonical address."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from understudy.core.applications.addresses import origin_of
from understudy.errors import MethodNotAllowed, NotFound
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.http.endpoint import API
from understudy.http.head_only import head_only
from understudy.http.hosts import Hosts
from understudy.http.incoming import Headers, incoming
from understudy.http.pages import page_headers
from understudy.http.routing import allow, raw_path
from understudy.http.staffing import Staffing
from understudy.service.dashboard import (
    STATIC,
    Dashboard,
    StaffPlaces,
    asks_who_it_is,
    is_page,
)
from understudy.service.reference import reference_page
from understudy.wires.oauth.metadata import AUTHORIZE_PATH

_API = f"{API}/"
_ASSETS = "/assets/"
_DOCS = "/docs"
_OPENAPI = "/openapi.json"
_OPENAPI_FILE = Path(__file__).with_name("openapi.json")
_READING = ("GET", "HEAD")


class Site:
    """Answers pages and files itself, and leaves all else to ``app``."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Hosts,
        nonce: Callable[[], str],
        folder: Path = STATIC,
        staffing: Staffing | None = None,
    ) -> None:
        self._app = app
        self._staffing = staffing
        self._hosts = hosts
        self._nonce = nonce
        self._dashboard = Dashboard(folder, nonce=nonce)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        :raises MethodNotAllowed: when it would change a page.
        """
        path = raw_path(scope)
        if path.startswith(_API):
            await self._app(scope, receive, send)
            return
        headers = incoming(scope).headers
        page = is_page(path) or path == _DOCS
        looked_at = page or path == AUTHORIZE_PATH
        if looked_at and scope["method"] in _READING and not self._hosts.is_canonical(headers):
            await self._canonical(scope)(scope, receive, send)
            return
        response = self._response(path, headers, scope) if page or _is_file(path) else None
        if response is None:
            await self._elsewhere(scope, receive, send)
        else:
            if scope["method"] == "HEAD":
                send = head_only(send)
            await response(scope, receive, send)

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is no page; a person who looks for one that is not there gets one that says so."""
        try:
            await self._app(scope, receive, send)
        except NotFound:
            request = incoming(scope)
            person = scope["method"] == "GET" and "text/html" in request.headers.get("accept", "")
            # What an endpoint or a protocol says is theirs to say.
            if request.route or request.shape is not None or not person:
                raise
            page = self._dashboard.page(base=_base(scope), staff=self._staff(scope))
            page.status_code = max(page.status_code, HTTPStatus.NOT_FOUND)
            await page(scope, receive, send)

    def _response(self, path: str, headers: Headers, scope: Scope) -> Response:
        incoming(scope).route = _route(path)
        if scope["method"] == "OPTIONS":
            return _options()
        if scope["method"] not in _READING:
            raise MethodNotAllowed(facts={"allow": allow(["GET"])})
        if path.startswith(_ASSETS):
            return self._dashboard.asset(path.removeprefix(_ASSETS), headers)
        if path == _OPENAPI:
            return Response(_OPENAPI_FILE.read_bytes(), media_type="application/json")
        if path == _DOCS:
            nonce = self._nonce()
            return Response(
                reference_page(nonce), media_type="text/html", headers=page_headers(nonce)
            )
        asks = OPERATOR_COOKIE in headers.get("cookie", "") and asks_who_it_is(path)
        return self._dashboard.page(base=_base(scope), asks=asks, staff=self._staff(scope))

    def _staff(self, scope: Scope) -> StaffPlaces | None:
        """Where staff go whom an app signs in."""
        staffing = self._staffing
        if staffing is None:
            return None
        return StaffPlaces(sign_in_at=staffing.sign_in_at(scope), home=staffing.home)

    def _canonical(self, scope: Scope) -> Response:
        """On to the public URL: cookies of one host are not seen by another."""
        incoming(scope).route = "(canonical address)"
        raw = scope.get("raw_path") or scope["path"].encode()
        query = scope["query_string"]
        target = raw.partition(b"?")[0] + (b"?" + query if query else b"")
        return RedirectResponse(
            # The target begins with the path of a mount already.
            origin_of(self._hosts.public_url) + target.decode("latin-1"),
            status_code=HTTPStatus.TEMPORARY_REDIRECT,
            headers={"cache-control": "no-store"},
        )


def _base(scope: Scope) -> str:
    return str(scope.get("root_path", "")) + "/"


def _is_file(path: str) -> bool:
    return path.startswith(_ASSETS) or path == _OPENAPI


def _route(path: str) -> str:
    if path.startswith(_ASSETS):
        return f"{_ASSETS}{{file}}"
    return path if path in (_DOCS, _OPENAPI) else "(dashboard)"


def _options() -> Response:
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"allow": allow(["GET"])})
