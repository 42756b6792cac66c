"""An ASGI scope as the SDK's values, and the SDK's answers as ASGI messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import parse_qsl

from understudy.contrib.asgi.types import Scope, Send
from understudy.sdk.guard import Asked, methods_of
from understudy.sdk.overrides import UNDERSTOOD, MethodOverrides
from understudy.sdk.passage.request import READ, Request
from understudy.sdk.visit import Answer, Visit

_READ = frozenset(name.encode() for name in READ)
_TELLING_QUERY = re.compile(rb"[Mm][Ee][Tt][Hh][Oo][Dd]|%")
_PERCENT = ord("%")  # as a number it is found three times as fast as in bytes
_SCHEMES = {"ws": "http", "wss": "https"}


def read_request(scope: Scope, asked: Asked) -> Request:
    """The request as the passage goes by it."""
    return Request(
        asked,
        "WEBSOCKET" if asked.socket else scope["method"],
        scope["path"],
        scope.get("root_path") or "",
        own_origin(scope),
        _header_texts(scope),
        client_address(scope),
    )


def route_path(scope: Scope) -> str:
    """The path below the mount point; some servers leave ``root_path`` out of ``path``."""
    path: str = scope["path"]
    root: str = scope.get("root_path") or ""
    below = path.removeprefix(root)
    return below if root and path.startswith(root) and below[:1] in ("", "/") else path


def may_be_ours(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """True when our name stands in a cookie, or in the name of any header; in whatever case."""
    telling = [value if name == b"cookie" else name for name, value in headers]
    # Searched for by find, as ``in`` first tries to take what it is given for a number.
    return b"\n".join(telling).lower().find(b"understudy") >= 0


class Reader:
    """Reads requests for the guard, by what may override a method in this app."""

    def __init__(self, overrides: MethodOverrides = UNDERSTOOD) -> None:
        self._overrides = overrides
        # Gateways to WSGI take an underscore in a header's name for the hyphen.
        spelled = {*overrides.headers, *(name.replace("-", "_") for name in overrides.headers)}
        self._headers = frozenset(name.encode() for name in spelled)
        self._telling = self._headers | {b"cookie", b"authorization", b"content-type"}

    def asked(self, scope: Scope) -> Asked:
        """What the guard decides on: a few facts of the request, nothing of its body."""
        cookie, authorization = b"", False
        found: tuple[str, ...] = ()
        method: str = scope.get("method", "GET")
        telling = self._telling
        for name, value in scope["headers"]:
            if name not in telling:
                continue
            if name == b"cookie":
                # HTTP/2 may bring cookies in several headers (RFC 9113, section 8.2.3).
                cookie = cookie + b"; " + value if cookie else value
            elif name == b"authorization":
                authorization = True
            elif name == b"content-type":
                found += self._overrides.in_form(method.upper(), value.decode("latin-1"))
            else:
                found += (value.decode("latin-1"),)
        query = scope.get("query_string")
        if query and _TELLING_QUERY.search(query):
            found += tuple(self._overrides.in_query(_pairs(query)))
        methods = methods_of(method, found)
        path, raw, root = scope["path"], scope.get("raw_path"), scope.get("root_path")
        # Nearly every path has but one reading.
        paths = _readings(path, raw, root) if root or (raw and _PERCENT in raw) else (path,)
        return Asked(cookie, methods, paths, authorization, scope["type"] == "websocket")


def _pairs(query: bytes) -> list[tuple[str, str]]:
    # Older parsers also part fields by semicolons.
    text = query.decode("latin-1")
    pairs = parse_qsl(text, keep_blank_values=True)
    return pairs + parse_qsl(text, separator=";") if ";" in text else pairs


read_asked = Reader().asked


def _header_texts(scope: Scope) -> dict[str, str]:
    """Those headers that are read, by name; of several, the last."""
    headers = scope["headers"]
    return {n.decode(): v.decode("latin-1") for n, v in headers if n in _READ}


def read_visit(scope: Scope) -> Visit:
    """A request to the SDK's own pages."""
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in scope["headers"]
    )
    return Visit(
        method=scope["method"],
        origin=own_origin(scope),
        base=scope.get("root_path") or "",
        query=(scope.get("query_string") or b"").decode("latin-1"),
        headers=headers,
        address=client_address(scope),
    )


def own_origin(scope: Scope) -> str:
    """Scheme and host under which the browser reached the app."""
    scheme = scope.get("scheme") or "http"
    host = next((v.decode("latin-1") for n, v in scope["headers"] if n == b"host"), "")
    return f"{_SCHEMES.get(scheme, scheme)}://{host.lower()}"


def client_address(scope: Scope) -> str | None:
    """Where the request came from, by the server's word alone: headers can be made up."""
    client = scope.get("client")
    return client[0] if client else None


async def send_answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    """Send a whole response."""
    headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.all_headers()]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


async def refuse_socket(scope: Scope, send: Send, answer: Answer) -> None:
    """Refuse a WebSocket before it opens: with ``answer``, or with a bare 403 by older servers."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 4000 + int(HTTPStatus.FORBIDDEN)})
        return
    headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.all_headers()]
    await send(
        {
            "type": "websocket.http.response.start",
            "status": int(answer.status),
            "headers": headers,
        }
    )
    await send({"type": "websocket.http.response.body", "body": answer.body})


def _readings(path: str, raw: bytes | None, root: str | None) -> tuple[str, ...]:
    """Every path that a router may go by: decoded, raw, and below the mount point."""
    paths: tuple[str, ...] = (path,)
    if raw and _PERCENT in raw:
        paths = (path, raw.partition(b"?")[0].decode("latin-1"))
    if root:
        paths = (*paths, *(one.removeprefix(root) or "/" for one in paths))
    return paths
