"""What changes in the headers of an impersonated request and of its response.

Names and values are bytes, as ASGI has them.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from encodings import normalize_encoding
from functools import lru_cache

from understudy.sdk.app_cookies import without_page_key

RawHeaders = list[tuple[bytes, bytes]]
# The agent's own credentials are not the subject's, wherever they were let through this far.
# Conditions would be answered from a cache that holds somebody else's page; a compressed page
# could not be given its banner.
_IGNORED = frozenset(
    {
        b"if-none-match",
        b"if-modified-since",
        b"if-range",
        b"accept-encoding",
        b"authorization",
        b"remote-user",
        b"remote_user",
        b"x-session-token",
        b"x_session_token",
    }
)
# Marks by which a cache, or the agent's own browser, would keep what only this session may see.
# Caches believe those that name them more than the others.
_DROPPED = frozenset(
    {
        b"edge-control",
        b"surrogate-control",
        b"x-accel-expires",
        b"expires",
        b"etag",
        b"last-modified",
        b"understudy-impersonation",
    }
)
_OF_THE_WHOLE_BODY = frozenset(
    {b"content-length", b"content-md5", b"content-digest", b"repr-digest", b"digest"}
)
UNCACHED = [
    (b"cache-control", b"no-store"),
    (b"cdn-cache-control", b"no-store"),
    (b"surrogate-control", b"no-store"),
    # nginx hears this also where it was told to hear nothing of the others.
    (b"x-accel-expires", b"0"),
]
ADDED = (*UNCACHED, (b"understudy-impersonation", b"1"))
"""What each answer of a session gets from us."""
_PAGES = (b"text/html", b"application/xhtml+xml")


def is_spoofed(name: bytes) -> bool:
    """True for a header that only Understudy may set, whatever its case and dashes."""
    return name.lower().replace(b"_", b"-").startswith((b"x-understudy", b"understudy-"))


def without_spoofed(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """Request headers without what pretends to come from Understudy."""
    return [_without_page_key(header) for header in headers if not is_spoofed(header[0])]


def _without_page_key(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = header
    return (name, without_page_key(value)) if name.lower() == b"cookie" else header


def for_the_app(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """The headers of an impersonated request as the app may see them; its own cookies stay."""
    kept: RawHeaders = []
    resumes = False
    for header in headers:
        if _is_kept_from_apps(header[0]):
            resumes = resumes or header[0].lower() == b"if-range"
        else:
            kept.append(_without_page_key(header))
    # Without its condition a range would be joined to what the agent's own page began with.
    return [header for header in kept if header[0].lower() != b"range"] if resumes else kept


@lru_cache(maxsize=256)
def _is_kept_from_apps(name: bytes) -> bool:
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
            varies.extend(_without_cookie(value))
        elif not _keeps(lower):
            kept.append((name, value))
    return [*kept, (b"vary", b", ".join(varies)), *ADDED]


@lru_cache(maxsize=256)
def _keeps(lower: bytes) -> bool:
    """True for a header of an answer by which it could be kept, such as any cache's own."""
    return lower in _DROPPED or lower.endswith(b"cache-control")


def _without_cookie(vary: bytes) -> list[bytes]:
    """``vary`` without the name that is said once for all."""
    if vary.lower().find(b"cookie") < 0:
        return [vary]
    names = (name.strip() for name in vary.split(b","))
    return [name for name in names if name.lower() != b"cookie"]


def as_own_page(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """The headers of a page of the agent's own: kept by no cache, where it would lose its mark."""
    kept = [header for header in headers if not _keeps(header[0].lower())]
    return [*kept, *UNCACHED]


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


def policies_in(headers: RawHeaders) -> list[str]:
    """Its Content-Security-Policy headers."""
    return [
        value.decode("latin-1")
        for name, value in headers
        if name.lower() == b"content-security-policy"
    ]


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


def resized(headers: RawHeaders, length: int) -> RawHeaders:
    """The headers of a body of another ``length``, of which they told none."""
    return [*headers, (b"content-length", str(length).encode())]


def without_length(headers: RawHeaders) -> RawHeaders:
    """The headers of a body whose length is not known."""
    return [header for header in headers if header[0].lower() not in _OF_THE_WHOLE_BODY]


def unpacked(headers: RawHeaders) -> RawHeaders:
    """The headers of a body that is sent as it is, whatever it was packed as."""
    return [header for header in headers if header[0].lower() != b"content-encoding"]


_ALSO_UTF_16 = frozenset(
    ("csunicode", "iso_10646_ucs_2", "ucs_2", "unicode", "unicodefeff", "unicodefffe")
)
"""What browsers take for UTF-16 (WHATWG Encoding, section 4.2), and Python does not know."""


@lru_cache(maxsize=64)
def _is_ascii_like(parameters: bytes) -> bool:
    """False for charsets such as UTF-16, in which ``<body>`` is spelled with other bytes."""
    for parameter in parameters.split(b";"):
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"charset":
            charset = value.strip().strip(b"\"'").decode("latin-1")
            if normalize_encoding(charset).lower() in _ALSO_UTF_16:
                return False
            try:
                return codecs.encode("<body>", charset) == b"<body>"
            except (LookupError, UnicodeError, TypeError, ValueError):
                return True  # a browser falls back to one that is
    return True
