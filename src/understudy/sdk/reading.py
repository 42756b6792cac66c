"""A request's scope as the SDK's values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from understudy.sdk.declared_reads import DeclaredReads
from understudy.sdk.guard import Asked, methods_of
from understudy.sdk.overrides import UNDERSTOOD, MethodOverrides
from understudy.sdk.page_marks import HEADER, MARK
from understudy.sdk.passage.request import READ, Request
from understudy.sdk.path_prefixes import PathPrefixes
from understudy.sdk.scope import Scope
from understudy.sdk.scope_marks import TAKEN, take_mark
from understudy.sdk.unmarked import Unmarked, UnmarkedPaths, is_report
from understudy.sdk.visit import Visit

_READ = frozenset(name.encode() for name in READ)
_ALL_OF = ("content-type", "if-match")
_TELLING_QUERY = re.compile(rb"[Mm][Ee][Tt][Hh][Oo][Dd]|%")
_PERCENT = ord("%")  # as a number it is found three times as fast as in bytes
_SEARCHED = frozenset({b"cookie", b"host", b"origin", b"referer"})
# What nearly every request carries and that is not ours, by its name alone.
_USUAL = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"authorization",
        b"cache-control",
        b"connection",
        b"content-length",
        b"content-type",
        b"dnt",
        b"forwarded",
        b"if-modified-since",
        b"if-none-match",
        b"pragma",
        b"priority",
        b"sec-ch-ua",
        b"sec-ch-ua-mobile",
        b"sec-ch-ua-platform",
        b"sec-fetch-dest",
        b"sec-fetch-mode",
        b"sec-fetch-site",
        b"sec-fetch-user",
        b"te",
        b"traceparent",
        b"transfer-encoding",
        b"upgrade-insecure-requests",
        b"user-agent",
        b"via",
        b"x-csrf-token",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-proto",
        b"x-real-ip",
        b"x-request-id",
        b"x-requested-with",
    }
)
_BY_METHOD = Unmarked.BY_METHOD
# By each of these somebody may be signed in who is not the subject: a proxy, or a server, that
# signs people in itself says so by a header, and headless clients bring their session in one.
# Gateways to WSGI take an underscore for the hyphen.
_CREDENTIALS = frozenset(
    {b"authorization", b"remote-user", b"remote_user", b"x-session-token", b"x_session_token"}
)
_SCHEMES = {"ws": "http", "wss": "https"}


def read_request(scope: Scope, asked: Asked) -> Request:
    """The request as the passage goes by it."""
    return Request(
        asked,
        "WEBSOCKET" if asked.socket else scope["method"],
        scope["path"],
        scope.get("root_path") or "",
        own_origin(scope),
        header_texts(scope),
        client_address(scope),
        (scope.get("query_string") or b"").decode("latin-1"),
    )


def route_path(scope: Scope) -> str:
    """The path below the mount point; some servers leave ``root_path`` out of ``path``."""
    path: str = scope["path"]
    root: str = scope.get("root_path") or ""
    below = path.removeprefix(root)
    return below if root and path.startswith(root) and below[:1] in ("", "/") else path


def may_be_ours(
    headers: Iterable[tuple[bytes, bytes]],
    below: bytes | None = None,
    query: bytes | None = None,
) -> bool:
    """True when our name stands in a cookie, an address, or the name of any header; in any case.

    Also when the host may lie ``below`` the wildcard of session origins: what is no label has no
    business there.
    """
    # The usual names are left out, as to join and search them takes a third of a microsecond.
    # A loop, as most are left out: a list in one expression costs a sixth more.
    usual, telling = _USUAL, [query] if query else []
    for name, value in headers:
        if name not in usual:
            telling.append(value if name in _SEARCHED else name)
    # Searched for by find, as ``in`` first tries to take what it is given for a number.
    text = b"\n".join(telling).lower()
    return text.find(b"understudy") >= 0 or (below is not None and text.find(below) >= 0)


class Reader:
    """Reads requests for the guard, by what may override a method in this app.

    ``bearer_paths`` are where credentials of the agent's are let go of in a session,
    ``unmarked_paths`` what is set for requests without a page's mark, ``declared_reads`` what
    changes nothing whatever its method.
    """

    def __init__(
        self,
        overrides: MethodOverrides = UNDERSTOOD,
        bearer_paths: Iterable[str] = (),
        unmarked_paths: UnmarkedPaths | None = None,
        declared_reads: DeclaredReads | None = None,
    ) -> None:
        self._overrides = overrides
        # None where nothing is set, as each request of a session asks.
        self._unmarked_paths = unmarked_paths or None
        self._declared_reads = declared_reads or None
        self._bearer_paths = PathPrefixes(bearer_paths, name="bearer_paths")
        # Gateways to WSGI take an underscore in a header's name for the hyphen.
        spelled = {*overrides.headers, *(name.replace("-", "_") for name in overrides.headers)}
        self._headers = frozenset(name.encode() for name in spelled)
        self._telling = self._headers | _CREDENTIALS
        self._telling |= {b"cookie", b"content-type", b"referer", HEADER}

    def asked(self, scope: Scope) -> Asked:
        """What the guard decides on: a few facts of the request, nothing of its body.

        A page's mark is taken out of ``scope``.
        """
        cookie, authorization, marked, unmarked = b"", False, False, _BY_METHOD
        found: tuple[str, ...] = ()
        named = False
        method: str = scope.get("method", "GET")
        telling = self._telling
        for name, value in scope["headers"]:
            if name not in telling:
                continue
            if name == b"cookie":
                # HTTP/2 may bring cookies in several headers (RFC 9113, section 8.2.3).
                cookie = cookie + b"; " + value if cookie else value
            elif name in _CREDENTIALS:
                authorization = True
            elif name == b"content-type":
                kind = value.decode("latin-1")
                found += self._overrides.in_form(method.upper(), kind)
                unmarked = Unmarked.REPORT if is_report(kind) else unmarked
            elif name == b"referer":
                marked = marked or value.find(MARK) >= 0
            elif name == HEADER:
                marked = True
            else:
                found += (value.decode("latin-1"),)
                named = True
        query = scope.get("query_string")
        mark = scope.get(TAKEN)
        if marked or (query and query.find(MARK) >= 0):
            mark = take_mark(scope, own_origin(scope))
        if query and _TELLING_QUERY.search(query):
            told = self._overrides.in_query(_pairs(query))
            found += tuple(told)
            named = named or bool(told)
        methods = methods_of(method, found)
        path, raw, root = scope["path"], scope.get("raw_path"), scope.get("root_path")
        # Nearly every path has but one reading.
        paths = _readings(path, raw, root) if root or (raw and _PERCENT in raw) else (path,)
        if authorization and self._bearer_paths:
            # By every reading: one that is not covered may be the router's.
            authorization = not all(self._bearer_paths.covers(one) for one in paths)
        if self._unmarked_paths is not None:
            set_for = self._unmarked_paths.of(paths)
            unmarked = unmarked if set_for is _BY_METHOD else set_for
        socket = scope["type"] == "websocket"
        declared = self._declared_reads
        reads = declared is not None and declared.cover(methods, paths)
        return Asked(cookie, methods, paths, authorization, socket, mark, unmarked, named, reads)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    # Older parsers also part fields by semicolons.
    text = query.decode("latin-1")
    pairs = parse_qsl(text, keep_blank_values=True)
    return pairs + parse_qsl(text, separator=";") if ";" in text else pairs


read_asked = Reader().asked


def header_texts(scope: Scope) -> dict[str, str]:
    """Those headers that are read, by name; of several, the last, but all types and versions.

    Which of several types of a body, or of versions that are meant, an app goes by is not known
    here.
    """
    headers = scope["headers"]
    told = {n.decode(): v.decode("latin-1") for n, v in headers if n in _READ}
    for name in _ALL_OF:
        if name in told:
            told[name] = ", ".join(v.decode("latin-1") for n, v in headers if n == name.encode())
    return told


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


def _readings(path: str, raw: bytes | None, root: str | None) -> tuple[str, ...]:
    """Every path that a router may go by: decoded, raw, and below the mount point."""
    paths: tuple[str, ...] = (path,)
    if raw and _PERCENT in raw:
        paths = (path, raw.partition(b"?")[0].decode("latin-1"))
    if root:
        paths = (*paths, *(one.removeprefix(root) or "/" for one in paths))
    return paths
