"""In whose domain sessions may be served."""

from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput
from understudy.http.registrable import check_apart, registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("view.app.example", "app.example"),
        ("App.Example.", "app.example"),
        ("a.b.shop.co.uk", "shop.co.uk"),
        ("me.github.io", "me.github.io"),
        ("github.io", None),
        ("co.uk", None),
        ("understudy", None),
        ("127.0.0.1", None),
        ("::1", None),
    ],
)
def test_a_domain_is_what_somebody_registered(host: str, domain: str | None) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("pattern", "public_url"),
    [
        ("https://*.view.app.example", "https://understudy.vendor.example"),
        ("https://*.app-view.example", "https://understudy.app.example"),
        ("https://*.view.app.example", "http://127.0.0.1:8700"),
        ("https://*.view.app.example", "http://localhost:8700"),
        ("http://*.view.app.localhost:8701", "http://localhost:8700"),
        ("http://*.view.localhost", "http://understudy.localhost"),
        ("https://*.one.github.io", "https://two.github.io"),
    ],
)
def test_sessions_are_served_in_a_domain_of_their_own(pattern: str, public_url: str) -> None:
    check_apart(pattern, public_url)


@pytest.mark.parametrize(
    ("pattern", "public_url"),
    [
        ("https://*.view.app.example", "https://app.example"),
        ("https://*.view.app.example", "https://understudy.app.example:8443"),
        ("https://*.app.example", "https://a.view.app.example"),
        ("https://*.me.github.io", "https://me.github.io"),
    ],
)
def test_never_in_that_of_the_dashboard(pattern: str, public_url: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="session_origins") as refused:
        check_apart(pattern, public_url)
    assert "dashboard" in refused.value.detail


@pytest.mark.parametrize("pattern", ["https://*.github.io", "https://*.co.uk", "https://*.example"])
def test_never_in_one_of_many_owners(pattern: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="session_origins") as refused:
        check_apart(pattern, "http://localhost:8700")
    assert "public suffix" in refused.value.detail
