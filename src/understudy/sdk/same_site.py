"""Whether a browser's request comes from the app's own pages, by Fetch Metadata."""

from __future__ import annotations

from understudy.sdk.visit import Visit


def from_own_pages(visit: Visit) -> bool:
    """False for what another site, or a sibling host, made the browser send.

    Browsers set both headers themselves; a request with neither, that is known by a cookie only,
    might come from anywhere.
    """
    site = visit.header("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = visit.header("origin")
    return origin is not None and origin == visit.origin
