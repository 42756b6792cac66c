"""What changes in the headers of an impersonated request and of its response.

Names and values are bytes, as ASGI has them.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import lru_cache

from understudy.sdk.banner import nonce_in

RawHeaders = list[tuple[bytes, bytes]]
# Conditions would be answered from a cache that holds somebody else's page; a compressed page
# could not be given its banner.
_IGNORED = frozenset({b"if-none-match", b"if-modified-since", b"if-range", b"accept-encoding"})
# Marks by which a cache, or the agent's own browser, would keep what only this session may see.
_DROPPED = frozenset(
    {
        b"cache-control",
        b"cdn-cache-control",
        b"surrogate-control",
        b"expires",
        b"etag",
        b"last-modified",
        b"understudy-impersonation",
    }
)
_OF_THE_WHOLE_BODY = frozenset(
    {b"content-length", b"content-md5", b"content-digest", b"repr-digest", b"digest"}
)
_ADDED = [
    (b"cache-control", b"no-store"),
    (b"cdn-cache-control", b"no-store"),
    (b"surrogate-control", b"no-store"),
    (b"understudy-impersonation", b"1"),
]
_PAGES = (b"text/html", b"application/xhtml+xml")


def is_spoofed(name: bytes) -> bool:
    """True for a header that only Understudy may set, whatever its case and dashes."""
    return name.lower().replace(b"_", b"-").startswith((b"x-understudy", b"understudy-"))


def without_spoofed(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """Request headers without what pretends to come from Understudy."""
    return [header for header in headers if not is_spoofed(header[0])]


def for_the_app(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """The headers of an impersonated request as the app may see them; its cookies stay."""
    kept: RawHeaders = []
    resumes = False
    for header in headers:
        if is_kept_from_apps(header[0]):
            resumes = resumes or header[0].lower() == b"if-range"
        else:
            kept.append(header)
    # Without its condition a range would be joined to what the agent's own page began with.
    return [header for header in kept if header[0].lower() != b"range"] if resumes else kept


@lru_cache(maxsize=256)
def is_kept_from_apps(name: bytes) -> bool:
    """True for a header of a request that the app must not see in a session."""
    lower = name.lower()
    return lower in _IGNORED or b"nderstudy" in lower or is_spoofed(name)


def for_the_browser(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """The headers of an impersonated response: kept by no cache, shared with no other identity."""
    kept: RawHeaders = []
    # The app's own pages have one address for agent and subject: caches must know by what they
    # differ.
    varies = [b"Cookie"]
    for name, value in headers:
        lower = name.lower()
        if lower == b"vary":
            varies.append(value)
        elif lower not in _DROPPED:
            kept.append((name, value))
    return [*kept, (b"vary", b", ".join(varies)), *_ADDED]


def takes_banner(status: int, headers: RawHeaders) -> bool:
    """True for a whole page that a browser will show and that is plain enough to be changed."""
    if not 200 <= status < 600 or status in (204, 205, 206, 304) or 300 <= status < 400:  # noqa: PLR2004
        return False
    kind, encoding = b"", b"identity"
    for name, value in headers:
        lower = name.lower()
        if lower == b"content-type":
            kind = value.lower()
        elif lower == b"content-encoding":
            encoding = value.strip().lower()
        elif lower == b"content-disposition" and value.lower().lstrip().startswith(b"attachment"):
            return False
    media, _, parameters = kind.partition(b";")
    return media.strip() in _PAGES and encoding == b"identity" and _is_ascii_like(parameters)


def nonce_of(headers: RawHeaders) -> str | None:
    """The nonce of the page's own policy; that policy itself is never touched."""
    return nonce_in(
        value.decode("latin-1")
        for name, value in headers
        if name.lower() == b"content-security-policy"
    )


def lengthened(headers: RawHeaders, by: int) -> RawHeaders:
    """The headers of a body that has grown ``by`` bytes; digests of the old one are left out."""
    longer: RawHeaders = []
    for name, value in headers:
        lower = name.lower()
        if lower == b"content-length" and value.isdigit():
            longer.append((name, str(int(value) + by).encode()))
        elif lower not in _OF_THE_WHOLE_BODY and lower != b"accept-ranges":
            longer.append((name, value))
    return longer


def without_length(headers: RawHeaders) -> RawHeaders:
    """The headers of a body whose length is not known."""
    return [header for header in headers if header[0].lower() not in _OF_THE_WHOLE_BODY]


@lru_cache(maxsize=64)
def _is_ascii_like(parameters: bytes) -> bool:
    """False for charsets such as UTF-16, in which ``<body>`` is spelled with other bytes."""
    for parameter in parameters.split(b";"):
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"charset":
            charset = value.strip().strip(b"\"'").decode("latin-1")
            try:
                return codecs.encode("<body>", charset) == b"<body>"
            except (LookupError, UnicodeError, TypeError, ValueError):
                return True  # a browser falls back to one that is
    return True
