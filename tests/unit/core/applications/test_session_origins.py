"""The pattern of session origins, and the labels that stand in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.applications.session_origins import (
    LABEL_BYTES,
    SessionOrigins,
    check_session_origins,
    draw_label,
    is_label,
    is_labelled,
    moved,
    return_addresses,
)
from understudy.errors import InvalidInput


@given(st.binary(min_size=LABEL_BYTES, max_size=LABEL_BYTES))
def test_every_label_that_is_drawn_is_one(random_bytes: bytes) -> None:
    assert is_label(draw_label(random_bytes))


@pytest.mark.parametrize(
    "pattern",
    [
        "https://*.view.app.example",
        "https://*.view.app.example:8443",
        "http://*.view.app.localhost:8000",
        "http://*.localhost",
    ],
)
def test_an_origin_is_the_pattern_with_the_label_in_it(pattern: str) -> None:
    label = draw_label(b"\x00" * LABEL_BYTES)
    origins = SessionOrigins.parse(pattern)
    origin = origins.origin(label)
    assert (origin, str(origins)) == (pattern.replace("*", label), pattern)
    assert origins.covers(origin.partition("://")[2])


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "*.view.app.example",
        "http://*.view.app.example",
        "https://view.app.example",
        "https://*.*.app.example",
        "https://a.*.app.example",
        "https://view-*.app.example",
        "https://*.10.0.0.1",
        "https://*.View.app.example",
        "https://*.view.app.example/",
        "https://*.view.app.example:443",
        "https://*.view.app.example?",
        "https://user@*.view.app.example",
        "https://*.",
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SessionOrigins.parse(pattern)
    assert refused.value.code == "invalid_input"


@pytest.mark.parametrize("host", ["view.app.example", "aview.app.example", "x.view.app.example.b"])
def test_a_host_that_only_looks_like_it_lies_not_under_the_pattern(host: str) -> None:
    assert not SessionOrigins.parse("https://*.view.app.example").covers(host)


@pytest.mark.parametrize(
    "text",
    [
        "understudy-" + "a" * 25,
        "understudy-" + "a" * 27,
        "understudy-" + "1" * 26,
        "Understudy-" + "a" * 26,
        "understudy-" + "a" * 26 + "-shop",
        "understudy-" + "a" * 26 + "--",
        "understudy-" + "a" * 26 + "--" + "s" * 25,
        "understudy-" + "a" * 26 + "\n",
    ],
)
def test_what_only_looks_like_a_label_is_none(text: str) -> None:
    assert not is_label(text)


def test_a_tenant_may_stand_behind_the_label() -> None:
    assert is_label("understudy-" + "a" * 26 + "--" + "s" * 24)


OWN = "https://understudy-a.view.app.example:8443"


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        ("https://app.example", ""),
        ("https://app.example/", "/"),
        ("https://app.example:8000/a/%2e/b?c=%20&d", "/a/%2e/b?c=%20&d"),
        ("https://app.example?c=https://x/y", "?c=https://x/y"),
    ],
)
def test_an_address_is_moved_with_its_path_to_the_letter(url: str, rest: str) -> None:
    assert moved(url, OWN) == OWN + rest
    assert return_addresses([url], OWN) == (OWN + rest,)
    assert return_addresses([url], None) == (url,)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.app.example/cb",
        "https://a.b.app.example",
        "https://WWW.App.example/cb",
        "https://www.app.example:443/cb",
    ],
)
def test_the_app_itself_does_not_lie_under_the_pattern(url: str) -> None:
    check_session_origins("https://*.view.app.example", ["https://app.example/cb", url])
    with pytest.raises(InvalidInput, match="own address"):
        check_session_origins("https://*.app.example", ["https://app.example/cb", url])


def test_whose_an_origin_looks_like() -> None:
    label = draw_label(bytes(LABEL_BYTES))
    origins = SessionOrigins.parse("https://*.view.app.example")
    own = origins.origin(label)
    assert origins.has(own)
    assert is_labelled(own)
    for other in (
        own.replace("https", "http"),
        own + ":8443",
        own.replace("app", "evil"),
        own.upper(),
        "https://view.app.example",
        "https://www.view.app.example",
        "null",
        "",
    ):
        assert not origins.has(other), other
    assert not is_labelled("https://app.example")
    assert not is_labelled("null")
