"""The element that marks a page."""

from __future__ import annotations

from understudy.sdk.page_script import page_script


def test_the_element_needs_nothing_of_the_policy_but_its_nonce() -> None:
    assert page_script("/_understudy/page.js", "ses_1", None) == (
        b'<script src="/_understudy/page.js" data-page="ses_1"></script>'
    )
    assert page_script("/ø&/page.js", "own", "n1") == (
        b'<script src="/&#248;&amp;/page.js" data-page="own" nonce="n1"></script>'
    )
