"""What no person reads as a page goes out to the byte, whatever drives the passage."""

from __future__ import annotations

import gzip

import pytest

from tests.contract.passage.conftest import House
from tests.contract.passage.drivers import HTML, PAGE, Asked, Got, View
from tests.contract.passage.test_answers import DOCUMENT

LENGTH = ("content-length", str(len(PAGE)))
PDF = b"%PDF-1.7 <body>\n%%EOF"
PACKED = gzip.compress(PAGE, mtime=0)
RANGE = ("content-range", f"bytes 0-{len(PAGE) - 1}/9000")
FRAGMENT = Asked(headers={"accept": "*/*", "hx-request": "true", "sec-fetch-dest": "empty"})
RANGED = Asked(headers={"accept": "text/html", "sec-fetch-dest": "document", "range": "bytes=0-"})
LEFT = {
    "a PDF": (View(headers=(("content-type", "application/pdf"),), parts=(PDF,)), DOCUMENT),
    "a download": (
        View(headers=(HTML, LENGTH, ("content-disposition", "attachment; filename=a.html"))),
        DOCUMENT,
    ),
    "a download in parts": (
        View(headers=(("content-type", "text/csv"),), parts=(b"a,<body>\n", b"b\n")),
        DOCUMENT,
    ),
    "a range of one": (View(status=206, headers=(HTML, LENGTH, RANGE)), RANGED),
    "a page that the app has packed": (
        View(headers=(HTML, ("content-encoding", "gzip")), parts=(PACKED,)),
        DOCUMENT,
    ),
    "a fragment that a script puts into a page": (View(headers=(HTML, LENGTH)), FRAGMENT),
    "that nothing has changed": (View(status=304, headers=(), parts=()), DOCUMENT),
    "that there is nothing": (View(status=204, headers=(), parts=()), DOCUMENT),
}
each = pytest.mark.parametrize(("view", "asked"), LEFT.values(), ids=LEFT)


def untouched(got: Got, view: View) -> None:
    assert (got.status, got.body, got.whole) == (view.status, b"".join(view.parts), True)
    for name, value in view.headers:
        assert got.header(name) == [value]


@each
def test_in_a_session_it_goes_out_as_the_app_has_made_it(
    house: House, view: View, asked: Asked
) -> None:
    session = house.open()
    got = house.visit(view, session, asked)
    untouched(got, view)
    assert got.header("understudy-impersonation") == ["1"]
    assert got.header("cache-control") == ["no-store"]
    (action,) = house.actions(session)
    assert action.status == view.status


@each
def test_so_it_does_for_the_agent_themself_while_their_browser_is_known(
    house: House, view: View, asked: Asked
) -> None:
    known = {**asked.headers, "cookie": "__Host-understudy-epoch=1; understudy-page=own"}
    got = house.visit(view, None, Asked(headers=known))
    untouched(got, view)
    assert got.header("cache-control") == []


def test_head_of_a_page_tells_what_the_page_would_without_its_body(house: House) -> None:
    asked = Asked(method="HEAD", headers=DOCUMENT.headers)
    got = house.visit(View(headers=(HTML, LENGTH), parts=()), house.open(), asked)
    assert (got.status, got.body) == (200, b"")
    # The length of a page without its banner would be wrong, and none is told.
    assert LENGTH[1] not in got.header("content-length")


def test_head_of_a_file_tells_its_length(house: House) -> None:
    headers = (("content-type", "application/pdf"), ("content-length", str(len(PDF))))
    view = View(headers=headers, parts=())
    got = house.visit(view, house.open(), Asked(method="HEAD", headers=DOCUMENT.headers))
    assert (got.status, got.body, got.header("content-length")) == (200, b"", [str(len(PDF))])


def test_what_runs_on_where_it_was_cut_off_begins_anew_in_a_session(house: House) -> None:
    view = View(headers=(("content-type", "application/pdf"),), parts=(PDF,))
    resumed = {**DOCUMENT.headers, "range": "bytes=5-", "if-range": '"own"'}
    house.visit(view, house.open(), Asked(headers=resumed))
    assert {"range", "if-range"}.isdisjoint(view.request_headers)
    house.visit(view, house.open(), Asked(headers={**DOCUMENT.headers, "range": "bytes=5-"}))
    assert view.request_headers["range"] == "bytes=5-"
