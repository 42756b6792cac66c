"""What was recorded is in the log when a server was stopped gracefully, lifespan or not."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from http import HTTPStatus
from http.client import HTTPConnection

import pytest

from tests.fixtures.asgi_server import served
from tests.integration.sdk.servers import SERVERS, Program, serving
from tests.integration.sdk.test_remote import OVERLAY, Service

MOST_TRIES = 50
PROMPT_SECONDS = 8.0
"""Far below the life of a stream; servers of several processes take their time."""
APP = "tests.integration.sdk.stopped_app:app"


def without_lifespan(uvicorn: Program) -> Program:
    return Program((*uvicorn.options, "--lifespan", "off"), uvicorn.listens)


STOPPED = {
    "uvicorn": SERVERS["uvicorn, asyncio, h11"],
    "uvicorn without lifespan": without_lifespan(SERVERS["uvicorn, asyncio, h11"]),
    "uvicorn without lifespan, uvloop": without_lifespan(SERVERS["uvicorn, uvloop, httptools"]),
    "hypercorn": SERVERS["hypercorn"],
    "granian": SERVERS["granian"],
    "daphne": SERVERS["daphne"],
}


@pytest.mark.parametrize("program", STOPPED.values(), ids=list(STOPPED))
def test_a_graceful_stop_loses_no_action_of_an_app_without_lifespan(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    with served(service.app) as service_port:
        monkeypatch.setenv("SERVICE", f"http://127.0.0.1:{service_port}")
        with serving(program, APP) as port:
            browse(port)
    paths = [action["path"] for batch in service.batches for action in batch["actions"]]
    assert paths[-3:] == ["/page-0", "/page-1", "/page-2"]


def browse(port: int) -> None:
    """Read three pages in the session."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as browser:
        # The first request of a process finds nothing ready, and may be told to come again.
        tries = 0
        while asked(browser, "/first") != HTTPStatus.OK:
            tries += 1
            assert tries < MOST_TRIES
        assert [asked(browser, f"/page-{number}") for number in range(3)] == [200] * 3


def asked(browser: HTTPConnection, path: str) -> int:
    """The status of a page in the session."""
    browser.request("GET", path, headers=OVERLAY)
    answer = browser.getresponse()
    answer.read()
    return answer.status


@pytest.mark.parametrize("program", STOPPED.values(), ids=list(STOPPED))
def test_a_page_that_listens_does_not_hold_up_a_graceful_stop(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    with ExitStack() as stack:
        service_port = stack.enter_context(served(service.app))
        monkeypatch.setenv("SERVICE", f"http://127.0.0.1:{service_port}")
        with serving(program, APP) as port:
            browse(port)
            page = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=20)))
            page.request("GET", "/_understudy/events", headers=OVERLAY)
            stream = page.getresponse()
            assert stream.readline() == b"retry: 1000\n"
            began = time.monotonic()
        assert time.monotonic() - began < PROMPT_SECONDS
