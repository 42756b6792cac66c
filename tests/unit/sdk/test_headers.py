"""Headers of impersonated requests and responses."""

from __future__ import annotations

import pytest

from understudy.sdk.headers import (
    RawHeaders,
    for_the_app,
    for_the_browser,
    is_spoofed,
    lengthened,
    policies_in,
    takes_banner,
    without_spoofed,
)
from understudy.sdk.page_policy import nonce_in

HTML = (b"content-type", b"text/html; charset=utf-8")


@pytest.mark.parametrize(
    "name",
    [
        b"x-understudy-subject",
        b"X-Understudy-Subject",
        b"X-UNDERSTUDY-ACTOR",
        b"x_understudy_actor",
        b"X-Understudy_Mixed",
        b"x-understudy",
        b"understudy-impersonation",
    ],
)
def test_headers_that_only_we_may_set_are_known_in_any_spelling(name: bytes) -> None:
    assert is_spoofed(name)
    assert without_spoofed([(name, b"1"), HTML]) == [HTML]
    assert for_the_app([(name, b"1"), HTML]) == [HTML]


def test_a_page_key_that_is_made_up_does_not_reach_the_app() -> None:
    brought = [(b"Cookie", b"a=b; understudy_session=ses_1"), HTML]
    assert without_spoofed(brought) == [(b"Cookie", b"a=b"), HTML]
    assert for_the_app(brought) == [(b"Cookie", b"a=b"), HTML]


@pytest.mark.parametrize("name", [b"cookie", b"x-forwarded-for", b"x-my-understudy"])
def test_other_headers_are_the_apps_own(name: bytes) -> None:
    assert without_spoofed([(name, b"1")]) == [(name, b"1")]


@pytest.mark.parametrize(
    "name",
    [b"if-none-match", b"if-modified-since", b"if-range", b"accept-encoding", b"If-None-Match"],
)
def test_conditions_and_compression_do_not_reach_the_app(name: bytes) -> None:
    assert for_the_app([(name, b"x")]) == []


@pytest.mark.parametrize("name", [b"if-match", b"if-unmodified-since", b"range", b"cookie"])
def test_what_protects_a_change_reaches_the_app(name: bytes) -> None:
    assert for_the_app([(name, b"x")]) == [(name, b"x")]


def test_a_response_is_kept_by_no_cache_and_marked() -> None:
    assert dict(for_the_browser([HTML])) == {
        b"content-type": b"text/html; charset=utf-8",
        b"vary": b"Cookie",
        b"cache-control": b"no-store",
        b"cdn-cache-control": b"no-store",
        b"surrogate-control": b"no-store",
        b"x-accel-expires": b"0",
        b"understudy-impersonation": b"1",
    }


def test_the_apps_own_caching_is_undone() -> None:
    headers: RawHeaders = [
        (b"Cache-Control", b"public, max-age=600"),
        (b"CDN-Cache-Control", b"max-age=600"),
        (b"Surrogate-Control", b"max-age=600"),
        (b"X-Accel-Expires", b"600"),
        (b"Edge-Control", b"cache-maxage=600"),
        (b"Cloudflare-CDN-Cache-Control", b"max-age=600"),
        (b"X-LiteSpeed-Cache-Control", b"public, max-age=600"),
        (b"ETag", b'"a"'),
        (b"Last-Modified", b"yesterday"),
        (b"Expires", b"tomorrow"),
        (b"Understudy-Impersonation", b"0"),
    ]
    assert for_the_browser(headers) == for_the_browser([])


def test_the_apps_own_vary_stays() -> None:
    assert dict(for_the_browser([(b"Vary", b"Accept"), (b"vary", b"Origin")]))[b"vary"] == (
        b"Cookie, Accept, Origin"
    )


def test_what_the_app_varies_by_is_not_said_twice() -> None:
    headers = [(b"vary", b"Accept, cookie"), (b"vary", b"Cookie")]
    assert dict(for_the_browser(headers))[b"vary"] == b"Cookie, Accept"


def test_the_apps_cookies_and_policies_stay() -> None:
    kept = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"content-security-policy", b"x")]
    assert for_the_browser(kept)[:3] == kept


@pytest.mark.parametrize("status", [200, 201, 400, 403, 404, 500, 503])
def test_pages_of_any_outcome_take_the_banner(status: int) -> None:
    assert takes_banner(status, [HTML])


@pytest.mark.parametrize("status", [101, 204, 205, 206, 301, 303, 304, 307])
def test_answers_without_a_page_do_not(status: int) -> None:
    assert not takes_banner(status, [HTML])


@pytest.mark.parametrize(
    "kind",
    [
        b"text/html",
        b"TEXT/HTML",
        b"text/html; charset=iso-8859-1",
        b'text/html; charset="utf-8"',
        b"text/html;charset=windows-1252",
        b"text/html; charset=shift_jis",
        b"text/html; charset=invented",
        b"application/xhtml+xml",
    ],
)
def test_html_in_every_ascii_like_charset_takes_the_banner(kind: bytes) -> None:
    assert takes_banner(200, [(b"Content-Type", kind)])


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"content-type", b"application/json")],
        [(b"content-type", b"text/plain")],
        [(b"content-type", b"text/html; charset=utf-16")],
        [(b"content-type", b"text/html; charset=utf-16le")],
        [(b"content-type", b"text/html; charset=unicode")],
        [(b"content-type", b"text/html; charset=ISO-10646-UCS-2")],
        [(b"content-type", b"text/html; charset=utf-32")],
        [HTML, (b"content-encoding", b"gzip")],
        [HTML, (b"Content-Encoding", b"br")],
        [HTML, (b"content-disposition", b'attachment; filename="a.html"')],
    ],
)
def test_what_is_no_plain_page_is_left_alone(headers: RawHeaders) -> None:
    assert not takes_banner(200, headers)


def test_an_identity_encoding_is_none() -> None:
    assert takes_banner(200, [HTML, (b"content-encoding", b"identity")])
    assert takes_banner(200, [HTML, (b"content-disposition", b"inline")])


def test_a_grown_body_has_its_true_length_and_no_stale_digest() -> None:
    headers: RawHeaders = [
        HTML,
        (b"Content-Length", b"100"),
        (b"Content-MD5", b"x"),
        (b"Repr-Digest", b"x"),
        (b"Accept-Ranges", b"bytes"),
    ]
    assert lengthened(headers, 23) == [HTML, (b"Content-Length", b"123")]


def test_a_length_that_is_no_number_is_left_out() -> None:
    assert lengthened([(b"content-length", b"many")], 5) == []


def test_the_nonce_comes_from_the_enforced_policy() -> None:
    policy = (b"Content-Security-Policy", b"script-src 'nonce-abc'")
    report = (b"content-security-policy-report-only", b"script-src 'nonce-other'")
    assert nonce_in(policies_in([report, policy])) == "abc"
    assert nonce_in(policies_in([report])) is None


def test_a_resumed_download_does_not_join_two_peoples_bytes() -> None:
    resumed = [(b"range", b"bytes=5-"), (b"if-range", b'"a"')]
    assert for_the_app(resumed) == []
    assert for_the_app(resumed[:1]) == resumed[:1]
