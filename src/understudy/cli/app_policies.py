"""What a Content-Security-Policy keeps from running in a session, of headers or of the page."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import httpx

from understudy.cli.findings import Finding
from understudy.sdk.addresses import PREFIX
from understudy.sdk.page_policy import may_run, nonce_in

_HEADER = "content-security-policy"


def examine_policies(url: str, page: httpx.Response, *, apart: bool) -> Iterator[Finding]:
    """What stops our scripts in this page. ``apart`` where sessions have origins of their own.

    Where they have none, pages send nothing that `page.js` has not marked. It stands before every
    `<meta>`, whose policy holds for what comes behind that alone: the banner.
    """
    headers, base = page.headers.get_list(_HEADER), url.rstrip("/") + PREFIX
    nonce = nonce_in(headers)
    if not apart and not may_run(headers, f"{base}/page.js", nonce):
        yield Finding(
            level="warning",
            what=f"{url}: its policy keeps {PREFIX}/page.js from running, so that in a session "
            "the page is read only",
            advice="Let script-src have 'self' or a nonce, or give sessions origins of their own.",
        )
    elif not all(may_run([policy], f"{base}/banner.js", nonce) for policy in _in(page.text)):
        yield Finding(
            level="warning",
            what=f"{url}: the policy in its <meta> keeps {PREFIX}/banner.js from running, so that "
            "the banner is without a clock, and does not tell of the session's end",
            advice="Let script-src of that <meta> have 'self', or the nonce of a header's policy.",
        )


def _in(page: str) -> list[str]:
    reader = _Policies()
    reader.feed(page)
    return reader.found


class _Policies(HTMLParser):
    """Reads the policies that a page gives itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (given.get("http-equiv") or "").strip().lower() == _HEADER:
            parts = (given.get("content") or "").split(";")
            # A sandbox is for headers alone (CSP 3, section 3.3).
            self.found.append(";".join(part for part in parts if "sandbox" not in part.split()[:1]))
