"""The agent's own pages while the browser is known: marked as own, and otherwise as they were."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fixtures.browser import PAGE, Browser
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

HTML = (b"content-type", b"text/html; charset=utf-8")
BODY = b"<!doctype html><html><head><title>x</title></head><body>hello</body></html>"
SCRIPT = b'<script src="/_understudy/page.js" data-page="own"></script>'
MARKED = BODY.replace(b"<head>", b"<head>" + SCRIPT)
KNOWN = {"Cookie": "session=agent; __Host-understudy-epoch=1; understudy-page=own"}


def length(body: bytes = BODY) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


def test_a_page_of_the_agents_is_marked_as_own(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML, length(), (b"etag", b'"a"'), (b"cache-control", b"public")])
    answer = guarded(app).open("/", KNOWN)
    assert answer.content == MARKED
    assert answer.headers["content-length"] == str(len(MARKED))
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert "understudy-impersonation" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert app.subjects == [None]


def test_it_is_told_so_where_it_was_told_otherwise(guarded: Guarded) -> None:
    told = {"Cookie": "__Host-understudy-epoch=1; understudy-page=ses_over"}
    answer = guarded(Echo(BODY, headers=[HTML])).open("/", told)
    assert answer.headers["set-cookie"].startswith("understudy-page=own; ")


def test_without_the_epoch_nothing_is_changed(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML, (b"etag", b'"a"')])
    headers = {"Cookie": "session=agent", "If-None-Match": '"a"', "Accept-Encoding": "gzip"}
    answer = guarded(app).open("/", headers)
    assert (answer.content, answer.headers["etag"]) == (BODY, '"a"')
    assert app.header(b"if-none-match") == [b'"a"']
    assert app.header(b"accept-encoding") == [b"gzip"]


def test_the_pages_own_policy_lets_the_script_through_by_its_nonce(guarded: Guarded) -> None:
    policy = (b"content-security-policy", b"script-src 'nonce-n1'")
    answer = guarded(Echo(BODY, headers=[HTML, policy])).open("/", KNOWN)
    assert b'data-page="own" nonce="n1"></script>' in answer.content


CONDITIONS = {"If-None-Match": '"a"', "If-Modified-Since": "x", "Accept-Encoding": "gzip"}


def test_a_page_is_asked_for_whole_and_plain(guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML])
    resumed = {**KNOWN, **CONDITIONS, "Range": "bytes=5-", "If-Range": '"a"'}
    guarded(app).open("/", resumed)
    assert (
        not {name.lower().encode() for name in CONDITIONS} & dict(app.scopes[0]["headers"]).keys()
    )
    assert app.header(b"range") == [b"bytes=5-"]
    assert app.header(b"if-range") == [b'"a"']


def test_what_is_no_page_is_asked_for_as_ever(guarded: Guarded) -> None:
    app = Echo(b"", status=304, headers=[(b"etag", b'"a"')])
    answer = guarded(app).get("/app.css", {**KNOWN, **CONDITIONS, "Sec-Fetch-Dest": "style"})
    assert (answer.status_code, answer.headers["etag"]) == (304, '"a"')
    assert app.header(b"if-none-match") == [b'"a"']
    assert app.header(b"accept-encoding") == [b"gzip"]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-type", b"application/pdf")],
        [HTML, (b"content-disposition", b"attachment; filename=a.html")],
        [HTML, (b"content-encoding", b"dcb")],  # nothing that httpx unpacks
    ],
)
def test_downloads_go_out_as_they_are(guarded: Guarded, headers: list[tuple[bytes, bytes]]) -> None:
    kept = (b"cache-control", b"private")
    answer = guarded(Echo(BODY, headers=[*headers, length(), kept])).open("/", KNOWN)
    assert (answer.content, answer.headers["cache-control"]) == (BODY, "private")


def test_a_part_of_a_page_stays_one(guarded: Guarded) -> None:
    app = Echo(BODY[5:], status=206, headers=[HTML, (b"content-range", b"bytes 5-9/10")])
    assert guarded(app).open("/", KNOWN).content == BODY[5:]


def test_error_pages_are_marked_too(guarded: Guarded) -> None:
    answer = guarded(Echo(BODY, status=404, headers=[HTML])).open("/", KNOWN)
    assert (answer.status_code, answer.content) == (404, MARKED)


def test_the_length_that_a_head_tells_is_not_the_unmarked_pages(guarded: Guarded) -> None:
    answer = guarded(Echo(b"", headers=[HTML, length()])).request("HEAD", "/", {**PAGE, **KNOWN})
    assert answer.status_code == 200
    assert "content-length" not in answer.headers


def test_an_answer_to_the_agents_own_form_is_marked(guarded: Guarded) -> None:
    answer = guarded(Echo(BODY, headers=[HTML])).submit("/?_understudy_page=own", KNOWN)
    assert answer.content == MARKED


def test_a_page_streams_on_once_its_head_has_begun(gateway: FakeGateway) -> None:
    parts = [b"<!doctype html><ht", b"ml><he", b"ad><title>", b"x</title>", b"<body>hello"]
    app, understudy = Echo(parts, headers=[HTML, (b"trailer", b"x")]), gateway.understudy()
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(n.lower().encode(), v.encode()) for n, v in {**PAGE, **KNOWN}.items()],
        "extensions": {"http.response.pathsend": {}, "tls": {}},
    }
    asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert [message["type"] for message in sent[:2]] == [
        "http.response.start",
        "http.response.body",
    ]
    bodies = [message["body"] for message in sent[1:]]
    assert bodies[0] == b"<!doctype html><html><head>" + SCRIPT + b"<title>"
    assert bodies[1:] == parts[3:]
    # With these a server sends a file by itself, without the mark.
    assert set(app.scopes[0]["extensions"]) == {"tls"}


def test_an_app_that_fails_before_its_page_has_gone_out_has_answered_nothing(
    gateway: FakeGateway,
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [HTML]})
        raise LookupError

    understudy = gateway.understudy()
    with pytest.raises(LookupError):
        Browser(UnderstudyMiddleware(app, understudy=understudy)).open("/", KNOWN)
    understudy.close()
