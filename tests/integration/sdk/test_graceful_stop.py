"""What was recorded is in the log when a server was stopped gracefully, lifespan or not."""

from __future__ import annotations

from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection

import pytest

from tests.fixtures.asgi_server import served
from tests.integration.sdk.servers import SERVERS, Program, listening
from tests.integration.sdk.test_remote import OVERLAY, Service

MOST_TRIES = 50
APP = "tests.integration.sdk.stopped_app:app"
STOPPED = {
    "uvicorn": SERVERS["uvicorn, asyncio, h11"],
    "hypercorn": SERVERS["hypercorn"],
    "granian": SERVERS["granian"],
}


@pytest.mark.parametrize("program", STOPPED.values(), ids=list(STOPPED))
def test_a_graceful_stop_loses_no_action_of_an_app_without_lifespan(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    with served(service.app) as service_port:
        monkeypatch.setenv("SERVICE", f"http://127.0.0.1:{service_port}")
        with listening(program, APP) as port:
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
