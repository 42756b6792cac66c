"""Refuses what a page of another site makes a browser ask for, in the operator's name.

Fetch Metadata decides where the browser sends it, ``Origin`` where it does not. Nobody's browser
sends neither with an unsafe request. ``same-site`` is refused as well: a sibling subdomain is not
us.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from understudy.errors import CrossSiteRefused
from understudy.http.hosts import Hosts
from understudy.http.incoming import Headers

_ALLOWED_SITES = frozenset({"same-origin", "none"})


def require_own_site(headers: Headers, hosts: Hosts, *, with_cookie: bool) -> None:
    """Return only if no other site is behind an unsafe request.

    :raises CrossSiteRefused: when one is, or when a cookie comes without any sign of its origin.
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None:
        allowed = site in _ALLOWED_SITES
    elif origin is not None:
        allowed = _is_own_origin(origin, headers, hosts)
    else:
        allowed = not with_cookie
    if not allowed:
        raise CrossSiteRefused


def require_own_host(headers: Headers, hosts: Hosts) -> None:
    """Return only if the operator's cookie came to one of our own names.

    :raises CrossSiteRefused: otherwise (DNS rebinding).
    """
    if not hosts.is_ours(headers.get("host", "")) and not hosts.is_canonical(headers):
        raise CrossSiteRefused("The service is not known under this host name.")


def _is_own_origin(origin: str, headers: Headers, hosts: Hosts) -> bool:
    try:
        netloc = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    if not netloc:
        return False
    own = headers.get("host", "").lower()
    return netloc == hosts.canonical or (netloc == own and hosts.is_ours(own))
