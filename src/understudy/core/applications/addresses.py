"""URLs that an application may register: where hand-offs begin, and where codes come back."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from understudy.errors import InvalidInput

LAUNCH_PATH = "/_understudy/launch"
CALLBACK_PATH = "/_understudy/callback"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_redirect_url(url: str) -> None:
    """Refuse what RFC 9700, section 4.1 warns of; plain http is for loopback names only.

    :raises InvalidInput: not absolute, not https, with user info, fragment or odd characters.
    """
    parts = _split(url)
    if parts.fragment or "#" in url:
        raise InvalidInput(f"A redirect URL has no fragment: {url}")


def check_launch_url(url: str, redirect_urls: Iterable[str]) -> None:
    """Refuse a launch URL outside of the origins that are registered for redirects.

    :raises InvalidInput: see ``check_redirect_url``, or another origin.
    """
    parts = _split(url)
    if parts.fragment or parts.query:
        raise InvalidInput("The launch URL has neither query nor fragment.")
    if origin_of(url) not in {origin_of(redirect) for redirect in redirect_urls}:
        raise InvalidInput("The launch URL must share its origin with a redirect URL.")


def check_origin(origin: str) -> None:
    """Refuse what no browser sends as an ``Origin`` (RFC 6454, section 6.2), and plain http.

    :raises InvalidInput: not scheme, host and port in their one spelling.
    """
    _split(origin)
    if origin_of(origin) != origin or "*" in origin:
        raise InvalidInput(f"An origin looks like https://app.example, nothing more: {origin}")


def effective_launch_url(launch_url: str | None, redirect_urls: tuple[str, ...]) -> str | None:
    """Where a hand-off begins; None while no redirect URL is registered.

    By default at the first redirect URL's origin, below the path that its app is mounted at.
    """
    if launch_url is not None or not redirect_urls:
        return launch_url
    path = urlsplit(redirect_urls[0]).path
    mounted_at = path.removesuffix(CALLBACK_PATH) if path.endswith(CALLBACK_PATH) else ""
    return origin_of(redirect_urls[0]) + mounted_at + LAUNCH_PATH


def origin_of(url: str) -> str:
    """Scheme, host and port of ``url``, in the one spelling (RFC 6454, section 6.2)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    suffix = "" if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def is_loopback(host: str | None) -> bool:
    """True for the names and addresses of this very machine (RFC 6761, section 6.3)."""
    if host is None:
        return False
    name = host.lower().rstrip(".")
    return name in ("localhost", "127.0.0.1", "::1") or name.endswith(".localhost")


def _split(url: str) -> SplitResult:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise InvalidInput("A URL holds printable ASCII without spaces and backslashes.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise InvalidInput(f"This is not a URL: {url}") from error
    if parts.hostname is None or parts.username is not None or parts.password is not None:
        raise InvalidInput(f"A URL has a host, and no user or password in it: {url}")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)):
        return parts
    raise InvalidInput(f"A URL begins with https:// (http:// only for localhost): {url}")
