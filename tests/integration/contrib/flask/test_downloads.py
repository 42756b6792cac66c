"""Files, parts of files and compressed answers of Flask: a banner where a page is shown, alone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask, Response, request, send_file
from flask_compress import Compress
from werkzeug.test import TestResponse

from tests.fixtures.flask_browser import AgentsBrowser
from tests.integration.contrib.flask.conftest import Guard
from understudy import current_impersonation
from understudy.testing import FakeGateway

PAGE = "<!doctype html><html><body>" + "<p>line</p>" * 200 + "</body></html>"
PDF = b"%PDF-" + bytes(range(256)) * 8
DOCUMENT = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
PACKED = {"Accept-Encoding": "gzip"}
BANNER = b"<understudy-banner"


@pytest.fixture
def browser(tmp_path: Path, guard: Guard) -> AgentsBrowser:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "a.html").write_text(PAGE)
    app = Flask("shop", static_folder=None)
    app.config.update(SECRET_KEY="a key of the app's")
    Compress(app)

    @app.get("/<name>")
    def file(name: str) -> Response:
        current_impersonation()
        return send_file(tmp_path / name, conditional=True)

    @app.get("/page")
    def page() -> str:
        current_impersonation()
        return "<li>one more" * 100 if "HX-Request" in request.headers else PAGE

    return guard(app)


def get(browser: AgentsBrowser, path: str, **headers: str) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.get(path, headers={**DOCUMENT, **PACKED, **sent})


def unpacked(answer: TestResponse) -> bytes:
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.data) if packed else answer.data


def test_a_page_that_the_app_compresses_has_its_banner(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    own = get(browser, "/page")
    assert (own.headers["Content-Encoding"], unpacked(own)) == ("gzip", PAGE.encode())
    browser.enter(gateway.open())
    shown = get(browser, "/page")
    body = unpacked(shown)
    assert BANNER in body
    # What was compressed beneath us would have to be unpacked for it: the app is not asked for it.
    assert "Content-Encoding" not in shown.headers
    assert body.endswith(PAGE.encode().partition(b"<body>")[2])
    assert int(shown.headers["Content-Length"]) == len(shown.data)


def test_a_file_goes_out_as_it_is_whole_or_in_part(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    browser.enter(gateway.open())
    whole, part = get(browser, "/a.pdf"), get(browser, "/a.pdf", Range="bytes=5-24")
    assert (whole.status_code, whole.data, whole.content_type) == (200, PDF, "application/pdf")
    assert (part.status_code, part.data) == (206, PDF[5:25])
    assert part.headers["Content-Range"] == f"bytes 5-24/{len(PDF)}"
    assert get(browser, "/a.pdf", Range="bytes=9000-").status_code == 416


@pytest.mark.parametrize("path", ["/page", "/a.html", "/a.pdf"])
def test_a_head_says_what_the_get_would_and_no_more(
    browser: AgentsBrowser, gateway: FakeGateway, path: str
) -> None:
    browser.enter(gateway.open())
    answer = browser.client.head(path, headers={**DOCUMENT, **PACKED}, buffered=True)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_type == get(browser, path).content_type
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_copy_from_before_is_good_enough_in_a_session(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    plain = {"Accept_Encoding": "identity"}
    tag = get(browser, "/a.html", **plain).headers["ETag"]
    assert get(browser, "/a.html", If_None_Match=tag, **plain).status_code == 304
    browser.enter(gateway.open())
    shown = get(browser, "/a.html", If_None_Match=tag, **plain)
    assert (shown.status_code, BANNER in shown.data, "ETag" in shown.headers) == (200, True, False)
    resumed = get(browser, "/a.pdf", Range="bytes=5-24", If_Range=tag)
    assert (resumed.status_code, resumed.data) == (200, PDF)
    browser.leave()
    # Nor is it afterwards, where pages need their mark.
    own = get(browser, "/a.html", If_None_Match=tag, **plain)
    assert (own.status_code, BANNER in own.data) == (200, False)


def test_a_part_of_a_page_that_a_script_asks_for_has_no_banner(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    browser.enter(gateway.open())
    asked = {"HX_Request": "true", "Sec_Fetch_Dest": "empty", "Sec_Fetch_Mode": "cors"}
    assert unpacked(get(browser, "/page", **asked)) == b"<li>one more" * 100
