"""What the doctor says of a page's policies, in headers and in the page."""

from __future__ import annotations

import httpx
import pytest

from understudy.cli.app_policies import examine_policies
from understudy.cli.findings import Finding

URL = "https://shop.example/"


def findings(page: str, *policies: str, apart: bool = False) -> list[Finding]:
    headers = [("content-security-policy", policy) for policy in policies]
    return list(examine_policies(URL, httpx.Response(200, headers=headers, text=page), apart=apart))


def own_policy(content: str) -> str:
    """A page that gives itself a policy."""
    return (
        "<!doctype html><html><head><title>Shop</title>"
        f'<META content="{content}" http-equiv=" Content-Security-Policy" /></head><body>Shop'
    )


@pytest.mark.parametrize(
    ("policy", "stops_it"),
    [
        ("script-src 'sha256-AAAA'", True),
        ("default-src 'none'", True),
        ("sandbox", True),
        ("script-src 'self'", False),
        ("script-src 'nonce-abc' 'strict-dynamic'", False),
    ],
)
def test_pages_whose_policy_lets_nothing_be_marked_are_found(policy: str, stops_it: bool) -> None:
    found = [one.what for one in findings("Shop", policy)]
    assert ["keeps /_understudy/page.js from running" in what for what in found] == [
        True
    ] * stops_it
    assert findings("Shop", policy, apart=True) == []


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    ("policy", "stops_it"),
    [
        ("script-src 'sha256-AAAA'", True),
        ("img-src *; default-src &#39;none&#39;", True),
        ("script-src 'nonce-of-a-page'", True),
        ("script-src 'nonce-of-a-header'", False),
        ("script-src 'self'", False),
        ("sandbox; img-src 'self'", False),
        ("", False),
    ],
)
def test_pages_whose_own_policy_stops_the_banner_are_found(
    policy: str, stops_it: bool, apart: bool
) -> None:
    found = findings(own_policy(policy), "script-src 'nonce-of-a-header'", apart=apart)
    assert [one.level for one in found] == ["warning"] * stops_it
    assert all("<meta> keeps /_understudy/banner.js from running" in one.what for one in found)


def test_every_policy_of_a_page_counts() -> None:
    page = own_policy("script-src 'self'") + own_policy("script-src 'none'")
    assert len(findings(page)) == 1


def test_a_page_that_is_read_only_is_told_of_once() -> None:
    found = findings(own_policy("script-src 'none'"), "script-src 'none'")
    assert ["read only" in one.what for one in found] == [True]


def test_other_pages_are_not_told_of() -> None:
    assert findings("<meta http-equiv=refresh content=1><!-- <meta http-equiv -->") == []
