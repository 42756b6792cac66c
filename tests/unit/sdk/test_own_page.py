"""The agent's own pages, while the browser is known."""

from __future__ import annotations

import pytest

from understudy.sdk.epoch import Epoch
from understudy.sdk.headers import RawHeaders
from understudy.sdk.own_page import OwnPages, OwnVisit, for_the_app

PAGES = OwnPages(lambda base: f"{base}/_understudy/page.js", Epoch())
KNOWN = b"__Host-understudy-epoch=1; understudy-page=own"
HTML: tuple[bytes, bytes] = (b"content-type", b"text/html")
UNCACHED: RawHeaders = [
    (b"cache-control", b"no-store"),
    (b"cdn-cache-control", b"no-store"),
    (b"surrogate-control", b"no-store"),
    (b"x-accel-expires", b"0"),
]


def visit(method: str = "GET", cookie: bytes = KNOWN) -> OwnVisit:
    return OwnVisit(method, "/shop", cookie)


def test_a_page_is_marked_as_the_browsers_own_below_the_mount() -> None:
    page = PAGES.page(200, [HTML, (b"etag", b"x"), (b"x-accel-expires", b"60")], visit())
    assert page is not None
    assert page.headers == [HTML, *UNCACHED]
    sent = page.part(b"<head></head>", more=False)
    assert sent == b'<head><script src="/shop/_understudy/page.js" data-page="own"></script></head>'


def test_a_browser_that_believes_otherwise_is_told_whose_pages_are_live() -> None:
    told = KNOWN.replace(b"=own", b"=ses_over")
    page = PAGES.page(200, [HTML], visit(cookie=told))
    assert page is not None
    assert page.headers[-1] == (b"set-cookie", Epoch().shown("own").encode())


@pytest.mark.parametrize(
    ("status", "headers"), [(304, [HTML]), (200, [(b"content-type", b"image/png")]), (200, [])]
)
def test_what_is_no_page_goes_out_as_it_is(status: int, headers: RawHeaders) -> None:
    assert PAGES.page(status, headers, visit()) is None


def test_pages_are_expected_where_a_person_looks() -> None:
    assert PAGES.expected("GET", {"accept": "text/html"})
    assert not PAGES.expected("GET", {"accept": "application/json"})
    assert not PAGES.expected("WEBSOCKET", {"accept": "text/html"})


def test_the_app_is_asked_for_the_whole_page_and_a_download_goes_on_where_it_stopped() -> None:
    asked = [(b"range", b"bytes=5-"), (b"if-range", b"x"), (b"cookie", b"a=b")]
    conditions = [(b"If-None-Match", b"x"), (b"accept-encoding", b"br")]
    assert for_the_app([*asked, *conditions]) == asked
