"""A request of Django's in the words of ASGI, by which the SDK reads it."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from understudy.sdk.environ import scope_of, take_over, with_headers
from understudy.sdk.headers import RawHeaders
from understudy.sdk.scope import Scope
from understudy.sdk.scope_marks import TAKEN

NOTHING: Mapping[str, object] = {}
_SIGNED_IN = ("REMOTE_USER", "AUTH_TYPE")
_CACHED = (
    "GET",
    "headers",
    "_current_scheme_host",
    "accepted_types",
    "accepted_types_by_precedence",
)
"""What Django works out of a request once, and keeps."""


def read_scope(request: HttpRequest) -> Scope:
    """The request as the browser has sent it, to the address that Django takes for its own.

    :raises DisallowedHost: it is none of the site's.
    """
    asgi = _asgi_scope(request)
    if asgi is None:
        scope = scope_of({**request.META, "SCRIPT_NAME": _base_in_latin(request)})
    else:
        scope = {**asgi, "root_path": request.script_name}
        query = asgi.get("query_string") or b""
        # Django takes it as text as well, which its own test client sends.
        scope["query_string"] = query.encode() if isinstance(query, str) else query
    scope["scheme"] = request.scheme
    host = (b"host", request.get_host().encode("latin-1"))
    scope["headers"] = [*(pair for pair in scope["headers"] if pair[0] != b"host"), host]
    return scope


def forget_query(request: HttpRequest) -> None:
    """Leave nothing of the query where servers, and middleware around us, write their logs by."""
    meta = request.META
    meta["QUERY_STRING"] = ""
    for name in ("RAW_URI", "REQUEST_URI"):
        if meta.get(name):
            meta[name] = meta[name].partition("?")[0]
    asgi = _asgi_scope(request)
    if asgi is not None:
        asgi["query_string"] = b""
    _forget_cached(request)


def take_mark_over(request: HttpRequest, scope: Scope) -> None:
    """Take out of ``request`` what reading has taken out of ``scope``: the page's mark."""
    if TAKEN not in scope:
        return
    take_over(request.META, scope)
    asgi = _asgi_scope(request)
    if asgi is not None:
        for name in (TAKEN, "query_string", "headers"):
            asgi[name] = scope[name]
    _forget_cached(request)


def put_headers(
    request: HttpRequest,
    headers: RawHeaders,
    scheme: str | None = None,
    more: Mapping[str, object] = NOTHING,
) -> None:
    """Let the app see ``headers`` alone, wherever it looks, and ``more`` beside them.

    What the server holds of the request stays as it is.
    """
    asgi = _asgi_scope(request)
    if asgi is None:
        request.META = request.environ = {**with_headers(request.META, headers, scheme), **more}
    else:
        # As Django itself leaves them out: nobody could tell them from those with a hyphen.
        told = [header for header in headers if b"_" not in header[0]]
        request.META = with_headers(request.META, _joined(told))
        request.scope = {**asgi, "headers": headers, "scheme": scheme or asgi.get("scheme"), **more}
    cookies = request.COOKIES
    request.__dict__.pop("COOKIES", None)
    told_of = request.COOKIES
    # In place: whoever holds them already shall not go on with the agent's.
    cookies.clear()
    cookies.update(told_of)
    request.COOKIES = cookies
    _forget_cached(request)


def put_own_headers(request: HttpRequest, headers: RawHeaders) -> None:
    """The same for a user's own request, in which whoever the server has signed in stays so."""
    signed_in = {name: request.META[name] for name in _SIGNED_IN if name in request.META}
    put_headers(request, headers)
    request.META.update(signed_in)


def route_of(request: HttpRequest) -> str | None:
    """The pattern by which Django has found the view, without values."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None and match.route is not None else None


def _joined(headers: RawHeaders) -> RawHeaders:
    """``headers`` with one of each name, as a mapping takes them (RFC 9110, section 5.3)."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        # HTTP/2 may bring cookies in several headers (RFC 9113, section 8.2.3).
        separator = b"; " if name == b"cookie" else b","
        found[name] = found[name] + separator + value if name in found else value
    return list(found.items())


def _asgi_scope(request: HttpRequest) -> Scope | None:
    found = getattr(request, "scope", None)
    return found if isinstance(found, dict) else None


def _base_in_latin(request: HttpRequest) -> str:
    # Django knows more ways to say where it is mounted than PEP 3333 does.
    base: str = request.META.get("SCRIPT_NAME") or ""
    if settings.FORCE_SCRIPT_NAME is not None:
        base = settings.FORCE_SCRIPT_NAME.encode().decode("latin-1")
    return base.rstrip("/")


def _forget_cached(request: HttpRequest) -> None:
    for name in _CACHED:
        request.__dict__.pop(name, None)
