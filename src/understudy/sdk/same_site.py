"""Whether a browser's request comes from the app's own pages, by Fetch Metadata."""

from __future__ import annotations

from http import HTTPStatus

from understudy.sdk.visit import Answer, Visit, problem
from understudy.sdk.wording import refusal_text


def from_own_pages(visit: Visit) -> bool:
    """False for what another site, or a sibling host, made the browser send.

    Browsers set both headers themselves; a request with neither, that is known by a cookie only,
    might come from anywhere.
    """
    site = visit.header("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    return is_own_host(visit.header("origin"), visit.origin)


def cross_site_refusal(visit: Visit) -> Answer | None:
    """The answer to what the app's own pages have not sent; None where they have."""
    if from_own_pages(visit):
        return None
    detail = refusal_text("cross_site_refused")
    return problem(HTTPStatus.FORBIDDEN, "cross_site_refused", detail)


def is_own_host(address: str | None, origin: str) -> bool:
    """True when ``address`` lies on the host of ``origin``.

    Schemes are not compared: behind a proxy that ends TLS the app sees http for https.
    """
    host = _host(address or "")
    return host != "" and host == _host(origin)


def _host(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    if not separator or scheme not in ("http", "https"):
        return ""
    return rest.partition("/")[0].lower()
