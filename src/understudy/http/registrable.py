"""Where a domain begins that one owner registers: what two names share there, browsers share too.

Cookies of a domain arrive at all of its names, are counted together, and are cleared together.
"""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from understudy.core.applications.addresses import is_loopback
from understudy.core.applications.session_origins import SessionOrigins
from understudy.errors import InvalidInput

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_FIELD = {"field": "session_origins"}


def check_apart(pattern: str, public_url: str) -> None:
    """Refuse origins of sessions in a domain of many owners, or in that of the dashboard.

    Loopback names may be shared: nobody registers them.

    :raises InvalidInput: as said, or what is no pattern at all.
    """
    below = _host(f"https://{SessionOrigins.parse(pattern).below}")
    if is_loopback(below):
        return
    domain = registrable_domain(below)
    if domain is None:
        raise InvalidInput(
            f"{below} is a public suffix: whoever registers a name below it would share cookies "
            "with the sessions. Take a domain of your own.",
            facts=_FIELD,
        )
    dashboard = _host(public_url)
    if registrable_domain(dashboard) == domain:
        raise InvalidInput(
            f"The dashboard is at {dashboard}, in the domain {domain} as well: an app under it "
            "could plant cookies there. Let the dashboard or the sessions have another domain.",
            facts=_FIELD,
        )


def registrable_domain(host: str) -> str | None:
    """The domain of ``host`` that somebody registered; None for addresses and public suffixes.

    By the list that came with the package, so that nobody is asked for it.
    """
    if _is_address(host):
        return None
    found: str | None = _list().privatesuffix(host.rstrip(".").lower())
    return found


@cache
def _list() -> PublicSuffixList:
    # On first use: reading the list takes a fifth of a second, and few ever set this.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
