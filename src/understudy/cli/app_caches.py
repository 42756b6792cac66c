"""Whether a cache of pages in front of an app answers before the guard hears of a request."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from understudy.cli.findings import Finding
from understudy.sdk.cookies import OVERLAY

MADE_UP = f"{OVERLAY}=uss_doctor"
"""The cookie of a session that is none: the guard refuses what comes with it, and takes it away."""


def examine_caches(
    url: str, page: httpx.Response, answer: httpx.Response | Finding
) -> Iterator[Finding]:
    """What came to nobody as ``page`` may not come as ``answer`` to who has the cookie."""
    if isinstance(answer, Finding):
        yield answer
    elif any(line.startswith(f"{OVERLAY}=") for line in answer.headers.get_list("set-cookie")):
        yield Finding(level="ok", what=f"{url}: what a session asks for reaches the SDK")
    elif answer.status_code == page.status_code:
        yield Finding(
            level="error",
            what=f"{url}: what a session asks for is answered by something else than the SDK",
            advice="A cache gives away a page that it has kept. Let requests with "
            f"{OVERLAY} in their Cookie header past it: docs/howto/page-caches.md",
        )
