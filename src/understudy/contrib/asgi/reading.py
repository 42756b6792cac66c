"""An ASGI scope as the SDK's values, and the SDK's answers as ASGI messages."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import parse_qsl

from understudy.contrib.asgi.types import Scope, Send
from understudy.core.impersonation.restrictions import OVERRIDE_HEADERS
from understudy.sdk.guard import Asked, methods_of
from understudy.sdk.passage.request import READ, Request
from understudy.sdk.visit import Answer, Visit

_OVERRIDES = frozenset(name.encode() for name in OVERRIDE_HEADERS)
_READ = frozenset(name.encode() for name in READ)
_TELLING = _OVERRIDES | {b"cookie", b"authorization"}
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


def read_asked(scope: Scope) -> Asked:
    """What the guard decides on: a few facts of the request, nothing of its body."""
    cookie, authorization, plain = b"", False, True
    for name, value in scope["headers"]:
        if name not in _TELLING:
            continue
        if name == b"cookie":
            # HTTP/2 may bring cookies in several headers (RFC 9113, section 8.2.3).
            cookie = cookie + b"; " + value if cookie else value
        elif name == b"authorization":
            authorization = True
        else:
            plain = False
    method: str = scope.get("method", "GET")
    query = scope.get("query_string")
    if not plain or (query and b"_method" in query):
        methods = methods_of(method, _overrides(scope))
    else:
        methods = (method.upper(),)
    path, raw, root = scope["path"], scope.get("raw_path"), scope.get("root_path")
    # Nearly every path has but one reading.
    paths = _readings(path, raw, root) if root or (raw and _PERCENT in raw) else (path,)
    return Asked(cookie, methods, paths, authorization, scope["type"] == "websocket")


def _overrides(scope: Scope) -> list[str]:
    in_headers = [v.decode("latin-1") for n, v in scope["headers"] if n in _OVERRIDES]
    pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    return in_headers + [value for name, value in pairs if name == "_method"]


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
