"""What a page's own policy lets run."""

from __future__ import annotations

import pytest

from understudy.sdk.page_policy import may_run, nonce_in

ADDRESS = "https://app.example/_understudy/page.js"


@pytest.mark.parametrize(
    ("policies", "nonce"),
    [
        ([], None),
        (["default-src 'self'"], None),
        (["script-src 'self' 'nonce-abc+/='"], "abc+/="),
        (["default-src 'nonce-d'; script-src 'nonce-s'"], "s"),
        (["SCRIPT-SRC 'nonce-s'; script-src-elem 'nonce-e'"], "e"),
        (["default-src 'nonce-d'; script-src 'self'"], None),
        (["default-src 'nonce-d'; style-src 'nonce-x'"], "d"),
        (["frame-ancestors 'none'", "script-src 'nonce-second'"], "second"),
        (["script-src 'nonce-\"><script>'"], None),
        ([";;; ;"], None),
        (["frame-ancestors 'none', script-src 'nonce-second'"], "second"),
        (["script-src 'self'; script-src 'nonce-ignored'"], None),
    ],
)
def test_the_nonce_is_the_one_that_scripts_need(policies: list[str], nonce: str | None) -> None:
    assert nonce_in(policies) == nonce


@pytest.mark.parametrize(
    "policies",
    [
        [],
        ["img-src 'none'"],
        ["default-src 'self'"],
        ["default-src 'none'; script-src 'self'"],
        ["default-src 'none'; script-src 'none'; SCRIPT-SRC-ELEM 'self'"],
        ["script-src 'nonce-n1' 'strict-dynamic'"],
        ["script-src https:"],
        ["script-src *"],
        ["script-src app.example"],
        ["script-src https://app.example/_understudy/"],
        ["script-src https://app.example/_understudy/page.js"],
        ["script-src *.example"],
        ["sandbox allow-scripts; script-src 'self'"],
        ["script-src 'self'; script-src 'none'"],
        ["script-src 'self', default-src https:", "script-src app.example"],
    ],
)
def test_a_policy_that_lets_it_run(policies: list[str]) -> None:
    assert may_run(policies, ADDRESS, "n1")


@pytest.mark.parametrize(
    "policies",
    [
        ["default-src 'none'"],
        ["script-src 'sha256-AAAA'"],
        ["script-src 'self'; script-src-elem 'sha256-AAAA'"],
        ["script-src 'self' 'strict-dynamic' 'sha256-AAAA'"],
        ["script-src 'nonce-other'"],
        ["script-src cdn.example"],
        ["script-src https://app.example/static/"],
        ["script-src app.example/other.js"],
        ["script-src data:"],
        ["script-src *.app.example"],
        ["sandbox; script-src 'self'"],
        ["script-src"],
        ["script-src 'self', script-src 'none'"],
        ["script-src 'self'", "default-src 'none'"],
    ],
)
def test_a_policy_that_does_not(policies: list[str]) -> None:
    assert not may_run(policies, ADDRESS, "n1")


def test_behind_a_proxy_that_ends_tls_the_app_sees_http_for_https() -> None:
    assert may_run(["script-src https:"], ADDRESS.replace("https:", "http:"), None)


def test_hosts_are_the_same_in_any_case_and_paths_are_not() -> None:
    mounted = "https://app.example/Shop/_understudy/page.js"
    assert may_run(["script-src App.Example/Shop/"], mounted, None)
    assert not may_run(["script-src app.example/shop/"], mounted, None)
