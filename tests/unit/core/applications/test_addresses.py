from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.core.applications.addresses import (
    check_launch_url,
    check_origin,
    check_redirect_url,
    effective_launch_url,
    is_loopback,
    origin_of,
)
from understudy.errors import InvalidInput

CALLBACK = "https://app.example/_understudy/callback"


@pytest.mark.parametrize(
    "url",
    [
        CALLBACK,
        "https://app.example:8443/x?y=1",
        "http://localhost:8701/_understudy/callback",
        "http://app.localhost:8701/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:80/cb",
    ],
)
def test_a_redirect_url_is_https_or_loopback(url: str) -> None:
    check_redirect_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example/cb",
        "ftp://app.example/cb",
        "javascript:alert(1)",
        "//app.example/cb",
        "/cb",
        "https://",
        "https://user@app.example/cb",
        "https://user:pw@app.example/cb",
        "https://app.example/cb#fragment",
        "https://app.example/cb#",
        "https://app.example/a b",
        "https://app.example\\@evil.example/",
        "https://app.example/\x00",
        "https://äpp.example/cb",
        "https://app.example:99999/cb",
        "http://localhost.evil.example/cb",
    ],
)
def test_a_redirect_url_that_could_be_abused_is_refused(url: str) -> None:
    with refusal_of(InvalidInput, "invalid_input"):
        check_redirect_url(url)


def test_a_launch_url_shares_its_origin_with_a_redirect_url() -> None:
    check_launch_url("https://APP.example:443/start", [CALLBACK])
    with refusal_of(InvalidInput, "invalid_input"):
        check_launch_url("https://other.example/start", [CALLBACK])
    with refusal_of(InvalidInput, "invalid_input"):
        check_launch_url("https://app.example/start?next=1", [CALLBACK])
    with refusal_of(InvalidInput, "invalid_input"):
        check_launch_url("https://app.example/start#x", [CALLBACK])


def test_the_launch_url_defaults_to_the_first_redirect_urls_origin() -> None:
    assert effective_launch_url(None, (CALLBACK,)) == "https://app.example/_understudy/launch"
    assert effective_launch_url("https://app.example/go", (CALLBACK,)) == "https://app.example/go"
    assert effective_launch_url(None, ()) is None


@pytest.mark.parametrize(
    ("callback", "launch"),
    [
        ("https://app.example/sub/_understudy/callback", "/sub/_understudy/launch"),
        ("https://app.example/a/b/_understudy/callback?x=1", "/a/b/_understudy/launch"),
        ("https://app.example/sub/auth/callback", "/_understudy/launch"),
        ("https://app.example", "/_understudy/launch"),
    ],
)
def test_the_launch_url_of_an_app_below_a_path_is_below_it_too(callback: str, launch: str) -> None:
    assert effective_launch_url(None, (callback,)) == f"https://app.example{launch}"


def test_an_origin_has_one_spelling() -> None:
    assert origin_of("HTTPS://App.Example:443/x") == "https://app.example"
    assert origin_of("http://[::1]:8700/") == "http://[::1]:8700"


def test_loopback_names_are_those_of_this_machine() -> None:
    assert is_loopback("LOCALHOST.")
    assert is_loopback("app.localhost")
    assert not is_loopback("localhost.example")
    assert not is_loopback(None)


@pytest.mark.parametrize(
    "origin", ["https://app.example", "https://app.example:8443", "http://localhost:3000"]
)
def test_an_origin_is_taken_as_browsers_send_it(origin: str) -> None:
    check_origin(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example/",
        "https://app.example:443",
        "https://App.example",
        "https://app.example/path",
        "https://app.example?x",
        "https://*.app.example",
        "http://app.example",
        "null",
        "*",
        "",
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with refusal_of(InvalidInput, "invalid_input"):
        check_origin(origin)
