"""No way out of the app through a path that somebody gave."""

from __future__ import annotations

import pytest

from understudy.sdk.return_path import path_of_referrer, safe_path

ORIGIN = "https://app.test"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/orders",
        "/orders/7?tab=notes&x=%20#top",
        "/a:b@c",
        "/%C3%A5",
        "/a//b",
        "/?next=//evil.test",
    ],
)
def test_a_path_of_the_app_is_kept(path: str) -> None:
    assert safe_path(path, "/home") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "orders",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "/%5cevil.test",
        "/%255cevil.test",
        "/%2fevil.test",
        "/%2Fevil.test",
        "/%252fevil.test",
        "https://evil.test",
        "https:evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        " /orders",
        "/orders ",
        "\t//evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "/orders\r\nSet-Cookie: a=b",
        "/%0d%0aSet-Cookie:a=b",
        "/%250d%250a",
        "/%00",
        "@evil.test",
        ".evil.test",
        "/ädä",
        "/\u2215evil.test",
        '/"><script>',
        "/" + "a" * 2000,
    ],
)
def test_open_redirect_anything_else_leads_home(path: str | None) -> None:
    assert safe_path(path, "/home") == "/home"


def test_a_page_of_the_app_leads_back_to_itself() -> None:
    found = path_of_referrer("https://app.test/orders?a=b#c", origin=ORIGIN, default="/home")
    assert found == "/orders?a=b"


@pytest.mark.parametrize(
    "referrer",
    [
        None,
        "",
        "https://app.test.evil.test/x",
        "https://evil.test/orders",
        "https://app.test@evil.test/",
        "https://app.test//evil.test",
    ],
)
def test_any_other_page_leads_home(referrer: str | None) -> None:
    assert path_of_referrer(referrer, origin=ORIGIN, default="/home") == "/home"
