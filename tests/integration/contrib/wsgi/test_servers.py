"""The WSGI adapter on the servers that people run, with a service on the other side."""

from __future__ import annotations

import time
from contextlib import ExitStack
from http.client import IncompleteRead

import pytest

from tests.integration.contrib.wsgi.conftest import DOCUMENT, Answer, Service, Site
from tests.integration.contrib.wsgi.downloads import FILE
from tests.integration.contrib.wsgi.servers import SERVERS
from understudy.core.notices.events import EventType

PROMPT_SECONDS = 1.0
MOST_STREAMS = 40
LARGE = b"x" * 2_000_000
OF_SEVERAL = [name for name, program in SERVERS.items() if program.workers > 1]


def test_each_process_follows_the_news_once_and_by_itself(site: Site) -> None:
    # A thread that began before the fork would be in none of them.
    assert [state["followers"] for state in site.workers().values()] == [1] * site.program.workers


def test_a_page_of_a_session_is_the_subjects_and_has_its_banner(
    site: Site, service: Service
) -> None:
    session = service.open()
    with site.browser() as browser:
        answer = browser.ask("/page", {**DOCUMENT, **session.headers})
        page = answer.read()
        assert (answer.status, answer.header("content-length")) == (200, str(len(page)))
        assert b"<understudy-banner " in page
        assert b"Hello ada</body>" in page
        own = browser.ask("/page", DOCUMENT).read()
        assert own == b"<!doctype html><html><body>Hello None</body></html>"
        script = browser.ask("/_understudy/banner.js")
        assert (script.status, b"customElements" in script.read()) == (200, True)


def ends(stream: Answer) -> bool:
    """Whether an answer that breaks off is known not to be the whole."""
    try:
        while stream.response.read1():
            pass
    except (IncompleteRead, ConnectionError):
        return False
    return True


def test_an_answer_is_cut_off_when_its_session_is_revoked(site: Site, service: Service) -> None:
    session = service.open()
    with site.browser() as browser:
        stream = browser.ask("/stream", session.headers)
        assert stream.response.readline() == b"ada\n"
        began = time.monotonic()
        service.end(session)
        whole = ends(stream)
        assert time.monotonic() - began < PROMPT_SECONDS
    # HTTP/1.0 ends every answer by the end of its connection, and cannot tell.
    assert whole is not site.program.chunks
    with site.browser() as browser:
        assert browser.ask("/page", session.headers).status == 401


def test_the_log_says_by_what_an_answer_was_cut_off(site: Site, service: Service) -> None:
    session = service.open()
    with site.browser() as browser:
        stream = browser.ask("/stream", session.headers)
        stream.response.readline()
        service.end(session)
        ends(stream)
    until = time.monotonic() + PROMPT_SECONDS * 10
    while not (told := rules_told(service, session.opened.session.id)):
        assert time.monotonic() < until
    assert told == ["session_over"]


def rules_told(service: Service, session_id: str) -> list[object]:
    """By which rules the actions of a session went, as far as the log has heard."""
    entries = service.made.entries(EventType.ACTION_COMPLETED)
    mine = [one.core for one in entries if one.core and one.core["session_id"] == session_id]
    return [core.get("rule") for core in mine]


@pytest.mark.parametrize("site", OF_SEVERAL, indirect=True)
def test_an_end_in_one_process_is_heard_in_the_others(site: Site, service: Service) -> None:
    session = service.open()
    with ExitStack() as stack:
        streams: dict[str, Answer] = {}
        # A worker that has one request at a time leaves the next one to the other.
        for _ in range(1 if site.program.alone else MOST_STREAMS):
            listener = stack.enter_context(site.browser())
            stream = listener.ask("/stream", session.headers)
            assert stream.response.readline() == b"ada\n"
            if streams.setdefault(stream.process, stream) is not stream:
                # One in each will do: a worker has only so many threads.
                listener.close()
            if len(streams) == site.program.workers:
                break
        browser = stack.enter_context(site.browser())
        headers = {**session.headers, "Sec-Fetch-Site": "same-origin"}
        ended = browser.ask("/_understudy/end", headers, method="POST")
        assert ended.status == 200
        began = time.monotonic()
        others = [stream for process, stream in streams.items() if process != ended.process]
        assert others
        assert not any(ends(stream) for stream in others)
        assert time.monotonic() - began < PROMPT_SECONDS


def test_requests_behind_a_large_upload_are_nobodys(site: Site, service: Service) -> None:
    session = service.open()
    with site.browser() as proxy:
        upload = proxy.ask("/upload", session.headers, method="POST", body=LARGE)
        connection = proxy.connection.sock
        assert upload.json() == {"whom": "ada", "size": len(LARGE)}
        for _ in range(3):
            assert proxy.ask("/upload").json() == {"whom": None, "size": 0}
        kept = connection is not None and proxy.connection.sock is connection
        assert kept is site.program.keeps


@pytest.mark.parametrize("in_session", [True, False])
def test_files_and_parts_of_them_go_out_byte_for_byte(
    site: Site, service: Service, in_session: bool
) -> None:
    headers = service.open().headers if in_session else {}
    with site.browser() as browser:
        whole = browser.ask("/file", headers)
        assert (whole.read(), whole.header("content-length")) == (FILE, str(len(FILE)))
        part = browser.ask("/file", {**headers, "Range": "bytes=100-5000"})
        assert (part.status, part.read()) == (206, FILE[100:5001])
        assert part.header("content-range") == f"bytes 100-5000/{len(FILE)}"
        assert (part.header("cache-control") == "no-store") is in_session


@pytest.mark.parametrize("in_session", [True, False])
def test_head_has_no_body_and_leaves_the_connection_as_it_was(
    site: Site, service: Service, in_session: bool
) -> None:
    headers = service.open().headers if in_session else {}
    with site.browser() as browser:
        head = browser.ask("/file", headers, method="HEAD")
        assert (head.status, head.header("content-length"), head.read()) == (
            200,
            str(len(FILE)),
            b"",
        )
        assert browser.ask("/file", headers).read() == FILE
