"""Which requests come from the app's own pages: the whole matrix."""

from __future__ import annotations

import pytest

from understudy.sdk.same_site import from_own_pages
from understudy.sdk.visit import Visit

OWN, OTHER = "https://app.test", "https://evil.test"


def visit(site: str | None, origin: str | None) -> Visit:
    headers = {"sec-fetch-site": site, "origin": origin}
    return Visit(
        method="POST",
        origin=OWN,
        base="",
        headers=tuple((name, value) for name, value in headers.items() if value is not None),
    )


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("same-origin", None),
        ("same-origin", OWN),
        ("same-origin", "null"),  # a page with the policy no-referrer
        ("none", None),
        (None, OWN),
        (None, "http://app.test"),  # a proxy ended TLS
        (None, "https://APP.test"),
    ],
)
def test_the_apps_own_pages_are_believed(site: str | None, origin: str | None) -> None:
    assert from_own_pages(visit(site, origin))


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("cross-site", OTHER),
        ("cross-site", OWN),
        ("cross-site", None),
        ("same-site", "https://sibling.app.test"),
        ("same-site", OWN),
        ("", OWN),
        (None, None),
        (None, "null"),
        (None, OTHER),
        (None, ""),
        (None, "ftp://app.test"),
        (None, "app.test"),
        (None, "https://app.test@evil.test"),
        (None, "https://evil.test/app.test"),
        (None, "https://app.test:8443"),
        (None, "https://app.test.evil.test"),
    ],
)
def test_nobody_else_is(site: str | None, origin: str | None) -> None:
    assert not from_own_pages(visit(site, origin))
