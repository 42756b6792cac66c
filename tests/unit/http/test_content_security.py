from __future__ import annotations

from understudy.http.content_security import FIXED, HSTS, NOTHING_ALLOWED, page_policy


def _directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split("; ")]
    return {name: sources for name, *sources in parts}


def test_a_page_runs_what_carries_its_nonce_and_nothing_written_into_it() -> None:
    page = _directives(page_policy("abc"))
    assert page["script-src"] == page["style-src"] == ["'self'", "'nonce-abc'"]
    assert page["default-src"] == page["object-src"] == ["'none'"]
    assert "unsafe" not in page_policy("abc")


def test_no_answer_of_ours_is_framed() -> None:
    assert _directives(page_policy("abc"))["frame-ancestors"] == ["'none'"]
    assert _directives(NOTHING_ALLOWED)["frame-ancestors"] == ["'none'"]
    assert dict(FIXED)[b"x-frame-options"] == b"DENY"


def test_an_answer_that_is_no_page_may_do_nothing() -> None:
    assert all(sources == ["'none'"] for sources in _directives(NOTHING_ALLOWED).values())


def test_browsers_keep_to_tls_for_two_years() -> None:
    assert HSTS == (b"strict-transport-security", b"max-age=%d" % (2 * 365 * 24 * 60 * 60))
