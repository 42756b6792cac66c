"""An answer that is going on ends with its session, on whatever server and from wherever it comes.

Nothing leaves once the end is known, the app is told to stop, and the log says how it went.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest

from tests.integration.sdk.servers import SERVERS, serving

APP = "tests.integration.sdk.endless_app:app"
SILENCE_SECONDS = 2.0
"""A hundred times as long as the app pauses between two parts."""
UNDER_WAY = 2
"""How many parts a server may have in hand when the end becomes known."""


@pytest.fixture(scope="module", params=SERVERS.values(), ids=list(SERVERS))
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with serving(request.param, APP) as number:
        yield number


def asked(port: int, path: str) -> Any:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        return json.loads(answer.read())


@pytest.mark.parametrize("path", ["/tick", "/drudge"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_leaves_once_the_end_is_known(port: int, path: str, method: str) -> None:
    session = asked(port, "/open")
    with closing(HTTPConnection("127.0.0.1", port, timeout=SILENCE_SECONDS)) as connection:
        connection.request(method, path, headers=session["headers"])
        answer = connection.getresponse()
        numbers = [int(answer.readline()) for _ in range(3)]
        sent = asked(port, f"/revoke/{session['id']}")["sent"]
        # Daphne says nothing more either, but leaves the connection open.
        with suppress(HTTPException, ConnectionError, TimeoutError):
            while line := answer.readline():
                numbers.append(int(line))
    assert answer.status == 202
    assert numbers[-1] <= sent + UNDER_WAY
    told = asked(port, f"/told/{session['id']}")
    assert told["how"] in ({"cancelled", "refused"} if path == "/tick" else {"refused"})
    assert told["action"] == ["completed", 202, "session_over"]
