"""A WSGI environ (PEP 3333), or Django's ``META``, in the words of ASGI and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from understudy.sdk.asked_by import PINNED
from understudy.sdk.context import Impersonation
from understudy.sdk.headers import RawHeaders
from understudy.sdk.scope import Scope
from understudy.sdk.scope_marks import TAKEN

Environ = dict[str, Any]
ROUTE = "understudy.route"
"""Where a framework's extension leaves the pattern by which the view was found."""
SEEN = "understudy.seen"
"""Where it leaves the user on whom the app has settled."""
_SEARCHED = ("HTTP_COOKIE", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_REFERER", "QUERY_STRING")
_RAW_TARGETS = ("RAW_URI", "REQUEST_URI")
_UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")
_SIGNED_IN = ("REMOTE_USER", "AUTH_TYPE")
# No header of a request has an underscore here, so that this one cannot be taken for the browser's.
_BY_SERVER = b"remote_user"


def may_be_ours(environ: Mapping[str, Any], below: str | None = None) -> bool:
    """True when our name stands in a cookie, an address, or the name of any header; in any case.

    Also when the host may lie ``below`` the wildcard of session origins.
    """
    telling = [environ.get(name) or "" for name in _SEARCHED]
    text = "\n".join((*environ, *telling)).lower()
    return "understudy" in text or (below is not None and below in text)


def pinned_to(environ: Mapping[str, Any]) -> Impersonation | None:
    """The session that an adapter around this one has laid over the request."""
    scope = environ.get("asgi.scope", environ)
    found = scope.get(PINNED)
    return found if isinstance(found, Impersonation) else None


def scope_of(environ: Mapping[str, Any]) -> Scope:
    """The request in the words of ASGI."""
    root = _text(environ.get("SCRIPT_NAME") or "")
    scope = {
        "type": "http",
        "method": environ["REQUEST_METHOD"],
        "path": root + _text(environ.get("PATH_INFO") or ""),
        "raw_path": _raw_path(environ),
        "root_path": root,
        "query_string": _bytes(environ.get("QUERY_STRING") or ""),
        "headers": _headers(environ),
        "scheme": environ.get("wsgi.url_scheme") or "http",
        "client": (environ["REMOTE_ADDR"], 0) if environ.get("REMOTE_ADDR") else None,
    }
    if TAKEN in environ:
        scope[TAKEN] = environ[TAKEN]
    return scope


def take_over(environ: Environ, scope: Scope) -> None:
    """Take out of ``environ`` what reading has taken out of ``scope``: the page's mark.

    Servers, and middleware around us, write their logs by this very environ.
    """
    if TAKEN not in scope:
        return
    environ[TAKEN] = scope[TAKEN]
    environ["QUERY_STRING"] = _latin(scope["query_string"])
    for name, value in scope["headers"]:
        if name == b"referer":
            environ["HTTP_REFERER"] = _latin(value)
    environ.pop("HTTP_UNDERSTUDY_PAGE", None)
    query = environ["QUERY_STRING"]
    for target in _RAW_TARGETS:
        if environ.get(target):
            path = environ[target].partition("?")[0]
            environ[target] = f"{path}?{query}" if query else path


def with_headers(environ: Environ, headers: RawHeaders, scheme: str | None = None) -> Environ:
    """``environ`` with ``headers`` alone, and nothing of who is signed in by the server."""
    inner = {n: v for n, v in environ.items() if n[:5] != "HTTP_" and n not in _SIGNED_IN}
    for name, value in headers:
        if name != _BY_SERVER:
            inner[_key(name)] = value.decode("latin-1")
    if scheme is not None:
        inner["wsgi.url_scheme"] = scheme
    return inner


def with_own_headers(environ: Environ, headers: RawHeaders) -> Environ:
    """The same for a user's own request, in which whoever the server has signed in stays so."""
    inner = with_headers(environ, headers)
    for name in _SIGNED_IN:
        if name in environ:
            inner[name] = environ[name]
    return inner


def raw_headers(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """Headers of WSGI in bytes."""
    return [(_bytes(name), _bytes(value)) for name, value in headers]


def text_headers(headers: RawHeaders) -> list[tuple[str, str]]:
    """Headers in bytes as WSGI has them."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _headers(environ: Mapping[str, Any]) -> RawHeaders:
    headers = [
        (_header(name), value.encode("latin-1", "replace"))
        for name, value in environ.items()
        # Some servers say what is told without a prefix both ways; apps go by that.
        if name[:5] == "HTTP_" and name[5:] not in _UNPREFIXED
    ]
    for name in _UNPREFIXED:
        if environ.get(name):
            headers.append((_header("HTTP_" + name), _bytes(environ[name])))
    if environ.get("REMOTE_USER"):
        headers.append((_BY_SERVER, _bytes(environ["REMOTE_USER"])))
    return headers


def _raw_path(environ: Mapping[str, Any]) -> bytes | None:
    """The path as it was sent, where the server tells; PEP 3333 only has it decoded."""
    target = next((environ[name] for name in _RAW_TARGETS if environ.get(name)), None)
    if target is None:
        return None
    if not target.startswith("/"):
        parts = urlsplit(target)
        target = parts.path or "/"
    return _bytes(target)


# Browsers send the same few names again and again.
@lru_cache(maxsize=256)
def _header(key: str) -> bytes:
    return _bytes(key[5:].replace("_", "-").lower())


@lru_cache(maxsize=256)
def _key(name: bytes) -> str:
    key = _latin(name).upper().replace("-", "_")
    return key if key in _UNPREFIXED else f"HTTP_{key}"


def _text(value: str) -> str:
    # PEP 3333 has the path's bytes as if they were Latin 1.
    return _bytes(value).decode("utf-8", "replace")


def _bytes(value: str) -> bytes:
    # What Latin 1 does not have is no header either, and nothing that the guard looks for.
    return value.encode("latin-1", "replace")


def _latin(value: bytes) -> str:
    return value.decode("latin-1")
