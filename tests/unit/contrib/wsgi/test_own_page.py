"""The agent's own pages while the browser is known: marked as own, and otherwise as they were."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.contrib.wsgi.apps import Echo
from tests.unit.contrib.wsgi.conftest import Guarded
from tests.unit.contrib.wsgi.server import HTML, PAGE, TEXT, asked, served
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.sdk.context import OwnRequest, present_request
from understudy.testing import FakeGateway

BODY = b"<!doctype html><html><head><title>x</title></head><body>hello</body></html>"
SCRIPT = b'<script src="/_understudy/page.js" data-page="own"></script>'
MARKED = BODY.replace(b"<head>", b"<head>" + SCRIPT)
KNOWN = {**PAGE, "Cookie": "session=agent; __Host-understudy-epoch=1; understudy-page=own"}
LENGTH = ("Content-Length", str(len(BODY)))


def test_a_page_of_the_agents_is_marked_as_own(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML, LENGTH, ("ETag", '"a"'), ("Cache-Control", "public")])
    got = guarded(app).ask("/", KNOWN)
    assert (got.body, got.header("content-length")) == (MARKED, [str(len(MARKED))])
    assert (got.header("cache-control"), got.header("etag")) == (["no-store"], [])
    assert got.header("understudy-impersonation") == []
    assert (app.subjects, app.closed) == ({None}, 1)


def test_its_script_is_below_the_mount_point(guarded: Guarded) -> None:
    got = guarded(Echo(BODY, headers=[HTML])).ask("/", KNOWN, SCRIPT_NAME="/shop")
    assert b'src="/shop/_understudy/page.js"' in got.body


def test_without_the_epoch_nothing_is_changed(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML, LENGTH, ("ETag", '"a"')])
    headers = {**PAGE, "Cookie": "session=agent", "If-None-Match": '"a"'}
    got = guarded(app).ask("/", headers)
    assert (got.body, got.header("etag")) == (BODY, ['"a"'])
    assert app.header("HTTP_IF_NONE_MATCH") == '"a"'


def test_a_page_is_asked_for_whole_and_plain(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML])
    guarded(app).ask("/", {**KNOWN, "If-None-Match": '"a"', "Accept-Encoding": "gzip"})
    assert app.header("HTTP_IF_NONE_MATCH") is app.header("HTTP_ACCEPT_ENCODING") is None


def test_what_is_no_page_goes_out_as_ever(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML, LENGTH, ("Cache-Control", "private")])
    got = guarded(app).ask("/app.css", {**KNOWN, "Sec-Fetch-Dest": "style"})
    assert (got.body, got.header("cache-control")) == (BODY, ["private"])


@pytest.mark.parametrize("kind", [("Content-Disposition", "attachment"), ("Content-Encoding", "x")])
def test_downloads_go_out_as_they_are(guarded: Guarded, kind: tuple[str, str]) -> None:
    got = guarded(Echo(BODY, headers=[HTML, LENGTH, kind])).ask("/", KNOWN)
    assert (got.body, got.header("content-length")) == (BODY, [LENGTH[1]])


def test_a_page_streams_on_once_its_head_has_begun(guarded: Guarded) -> None:
    parts = [b"<!doctype html><ht", b"ml><he", b"ad><title>", b"x</title>", b"<body>hello"]
    got = guarded(Echo(parts, headers=[HTML], late=True)).ask("/", KNOWN)
    assert got.parts == [b"<!doctype html><html><head>" + SCRIPT + b"<title>", *parts[3:]]


@pytest.mark.parametrize("known", [True, False])
def test_empty_parts_are_passed_on_where_an_answer_has_begun(guarded: Guarded, known: bool) -> None:
    headers = [HTML] if known else [TEXT]
    parts = [b"", b"<html><head>", b"", b"</head>"]
    app = Echo(parts, headers=headers)
    middleware = guarded(app).middleware
    middleware.app = app
    answer = middleware(asked("/", KNOWN), lambda *_: lambda _: None)
    found = list(answer)
    assert (len(found), found[1]) == (3, b"")


def test_what_an_app_writes_is_marked_too(guarded: Guarded) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [HTML])
        for part in (BODY[:18], b"", BODY[18:30]):
            write(part)
        return [BODY[30:]]

    assert guarded(app).ask("/", KNOWN).body == MARKED


def test_a_page_without_a_body_is_none(guarded: Guarded) -> None:
    got = guarded(Echo([], headers=[HTML, LENGTH])).ask("/", KNOWN, method="HEAD")
    assert (got.code, got.body, got.header("content-length")) == (200, b"", [])


def test_a_file_is_sent_part_by_part_where_a_page_is_expected(guarded: Guarded) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [HTML])
        return environ["wsgi.file_wrapper"](io.BytesIO(BODY))

    assert guarded(app).ask("/", KNOWN).body == MARKED


def test_an_app_may_say_its_status_anew_until_its_first_part(guarded: Guarded) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [HTML])
        try:
            raise LookupError("a bug in the app")
        except LookupError:
            start_response("500 Internal Server Error", [TEXT], sys.exc_info())
        yield b"sorry"

    got = guarded(app).ask("/", KNOWN)
    assert (got.status, got.body) == ("500 Internal Server Error", b"sorry")


@pytest.mark.parametrize("when", ["call", "body"])
def test_an_app_that_fails_before_its_page_has_gone_out_has_answered_nothing(
    guarded: Guarded, when: str
) -> None:
    kept: list[OwnRequest] = []

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        present = present_request()
        assert isinstance(present, OwnRequest)
        kept.append(present)
        start_response("200 OK", [HTML])
        if when == "call":
            raise LookupError
        return failing()

    def failing() -> Iterator[bytes]:
        yield b"<html>"
        raise LookupError

    got = guarded(app).ask("/", KNOWN)
    assert (got.parts, type(got.error)) == ([], LookupError)
    assert kept[0].over


def test_an_app_that_never_begins_is_at_fault(gateway: FakeGateway) -> None:
    understudy = gateway.understudy()
    middleware = UnderstudyMiddleware(lambda *_: [b"hello"], understudy=understudy)
    assert isinstance(served(middleware, asked("/", KNOWN)).error, AssertionError)
    understudy.close()
