"""The dashboard and its API below a path of an app, on servers of several processes."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from http.client import HTTPException

import pytest

from tests.integration.contrib.wsgi.conftest import DOCUMENT, PATIENCE_SECONDS, Answer, Browser
from tests.integration.embedded.mount.conftest import API, ON_POSTGRESQL, ON_SQLITE, Site
from tests.integration.embedded.mount.people import HOST
from tests.integration.embedded.mount.servers import ALONE, FREE, OF_THREADS
from tests.integration.proof.wholeness import half_done

PAGE = {**DOCUMENT, "Host": HOST}
BOUND_SECONDS = 1.0
"""How late a process may hear of a revocation; what it takes is printed, and lies far below."""
ROWS = 20_000
CALLERS = 6
ON_BOTH = pytest.mark.parametrize(
    "site", [*ON_SQLITE, *ON_POSTGRESQL], ids=", ".join, indirect=True, scope="module"
)
"""What processes do to each other, over each of the two databases."""
WRITES = 12


def on_sqlite(*names: str) -> list[object]:
    """These servers, for what no database has to do with."""
    return [pytest.param(("sqlite", name), id=f"sqlite, {name}") for name in names]


def test_pages_and_api_lie_below_the_path_and_the_app_beside_them(site: Site) -> None:
    with site.browser() as browser:
        page = browser.ask("/understudy/", PAGE)
        assert (page.status, b'<base href="/understudy/">' in page.read()) == (200, True)
        assert "frame-ancestors 'none'" in (page.header("content-security-policy") or "")
        told = site.call(browser, "GET", "/application").json()
        assert (told["id"], told["name"]) == (site.place.application_id, "Shop")
        assert browser.ask("/", PAGE).read() == b"<!doctype html><body>Hello None</body>"
        missing = browser.ask("/understudyx", PAGE)
        assert (missing.status, b"Hello None" in missing.read()) == (200, True)


def test_an_upload_comes_whole_and_one_that_is_too_large_is_refused(site: Site) -> None:
    rows = b"id,name\n" + b"".join(b"user-%d,User\n" % number for number in range(ROWS))
    with site.browser() as browser:
        read = site.call(
            browser, "POST", "/subjects/import/preview", rows, **{"Content-Type": "text/csv"}
        )
        told = read.json()
        assert (read.status, told["row_count"]) == (200, ROWS), told
    with site.browser() as browser:
        large = site.call(browser, "POST", "/impersonations", b"x" * 2_000_000)
        assert (large.status, large.json()["code"]) == (413, "body_too_large")


def test_an_id_with_a_slash_and_a_percent_sign_reaches_the_service_as_it_is(site: Site) -> None:
    with site.browser() as browser:
        found = site.call(browser, "GET", "/subjects/a%2Fb%2525")
        assert found.json()["id"] == "a/b%25", found.status


def test_head_has_no_body_and_leaves_the_connection_as_it_was(site: Site) -> None:
    with site.browser() as browser:
        head = browser.ask("/understudy/healthz", {"Host": HOST}, method="HEAD")
        assert (head.status, head.read()) == (200, b"")
        assert browser.ask("/understudy/healthz", {"Host": HOST}).read() == b'{"status":"ok"}'


def events(stream: Answer) -> Iterator[str]:
    """The names of its events, as they come."""
    while line := stream.response.readline():
        if line.startswith(b"event: "):
            yield line.removeprefix(b"event: ").strip().decode()


@pytest.mark.parametrize("site", on_sqlite(*OF_THREADS, *FREE), indirect=True)
def test_an_event_stream_comes_as_things_happen_and_uncompressed(site: Site) -> None:
    with site.browser() as browser, site.browser() as other:
        stream = browser.ask(f"{API}/events/stream", {**site.headers, "Accept-Encoding": "gzip"})
        assert stream.header("content-type") == "text/event-stream; charset=utf-8"
        assert stream.header("content-encoding") in ("identity", None)
        found = events(stream)
        assert next(found) == "heartbeat"
        site.opened(other)
        assert next(name for name in found if name != "heartbeat") == "session"


@pytest.mark.parametrize("site", on_sqlite(*ALONE), indirect=True)
def test_where_a_worker_cannot_hold_a_stream_it_says_to_poll_at_once(site: Site) -> None:
    with site.browser() as browser:
        stream = browser.ask(f"{API}/events/stream", site.headers)
        assert (stream.status, stream.read()) == (200, b'event: poll\ndata: {"code":"poll"}\n\n')
    with site.browser() as browser:
        assert browser.ask(f"{API}/events/stream", {"Host": HOST}).status == 401


@pytest.mark.parametrize("site", on_sqlite(*OF_THREADS), indirect=True)
def test_streams_leave_a_workers_threads_to_the_app(site: Site) -> None:
    firsts: list[str] = []
    with ExitStack() as stack:
        while firsts.count("poll") < site.program.workers:
            browser = stack.enter_context(site.browser())
            stream = browser.ask(f"{API}/events/stream", site.headers)
            firsts.append(next(events(stream)))
        assert firsts.count("heartbeat") <= site.program.workers
        app = stack.enter_context(site.browser())
        assert b"Hello None" in app.ask("/", PAGE).read()


@ON_BOTH
def test_a_revocation_in_one_process_is_heard_in_the_others(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with site.browser() as browser, ExitStack() as stack:
        opened = site.opened(browser)
        cookie = {**PAGE, "Cookie": f"__Host-understudy={opened['session_token']}"}
        others = serving_it(site, cookie, stack)
        # A server closes a connection that says nothing for a while.
        desk = stack.enter_context(site.browser())
        revoked = site.call(desk, "POST", f"/sessions/{opened['session']['id']}/revoke", {})
        began = time.monotonic()
        assert revoked.status == 200, revoked.read()
        latest = {process: began for process in others}
        over: set[str] = set()
        while len(over) < len(others):
            for process, other in others.items():
                answer = other.ask("/", cookie)
                answer.read()
                if answer.status == 200:
                    latest[answer.process or process] = time.monotonic()
                elif answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    over.add(answer.process or process)
            assert time.monotonic() - began < PATIENCE_SECONDS
    late = max(latest.values()) - began
    with capsys.disabled():
        print(f"\n{site.name}: last page {late * 1000:.0f} ms after the revocation")
    assert late < BOUND_SECONDS


def serving_it(site: Site, cookie: dict[str, str], stack: ExitStack) -> dict[str, Browser]:
    """A browser for each process, all of which serve the session by now."""
    found: dict[str, Browser] = {}
    until = time.monotonic() + PATIENCE_SECONDS
    while len(found) < site.program.workers:
        assert time.monotonic() < until, found
        browser = stack.enter_context(site.browser())
        answer = browser.ask("/", cookie)
        shown = answer.read()
        # It has begun to open the installation, and lets nobody in before it knows the session.
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            continue
        assert b"Hello ada" in shown
        assert answer.process is not None
        found.setdefault(answer.process, browser)
    return found


@ON_BOTH
def test_a_token_that_two_processes_are_given_opens_one_session(site: Site) -> None:
    with site.browser() as browser:
        token = {"impersonation_token": site.started(browser)}
    answers: list[tuple[int, object]] = []
    ready = threading.Barrier(CALLERS)

    def exchange() -> None:
        with site.browser() as browser:
            ready.wait(PATIENCE_SECONDS)
            answer = site.call(browser, "POST", "/impersonations/exchange", token)
            told = answer.json()
            answers.append((answer.status, told.get("code")))

    callers = [threading.Thread(target=exchange) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(answers, key=str) == [(200, None), *[(401, "token_invalid")] * (CALLERS - 1)]
    assert half_done(site.place) == {}


@ON_BOTH
def test_a_process_that_is_killed_while_it_writes_leaves_nothing_half_done(site: Site) -> None:
    killed: list[int] = []
    done: list[str] = []

    def work() -> None:
        with site.browser() as browser:
            for _ in range(WRITES):
                try:
                    done.append(site.started(browser))
                except (OSError, HTTPException, json.JSONDecodeError):
                    return  # killed, or the connection of one that is

    callers = [threading.Thread(target=work) for _ in range(CALLERS)]
    with site.browser() as browser:
        process = browser.ask("/", PAGE).process
        assert process is not None
        for caller in callers:
            caller.start()
        while len(done) < CALLERS:
            assert any(caller.is_alive() for caller in callers)
        os.kill(int(process), signal.SIGKILL)
        killed.append(int(process))
    for caller in callers:
        caller.join()
    with site.browser() as browser:
        site.opened(browser)
    assert half_done(site.place) == {}
    with site.place.engine() as engine:
        assert engine.verify().ok
