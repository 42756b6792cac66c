"""When a page that is streamed begins to arrive, with fields hidden in it and without."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial

from benchmarks.app import HEADERS
from benchmarks.rounds import best, interleaved
from benchmarks.row import Peer, Row
from benchmarks.scale import Scale
from benchmarks.servers import HOST, free_port, python, running

NAMES = ("redaction-first-byte",)
_AT_MOST = 1.2
_REQUESTS = 5
_APP = "benchmarks.streamed_app:guarded_streams"


def rows(scale: Scale) -> Iterator[Row]:
    """The least of many each, in turn: whatever else runs on the machine only adds to it."""
    port = free_port()
    command = [*python("uvicorn", _APP, "--factory", "--port", str(port), "--host", HOST)]
    with (
        running([*command, "--log-level", "warning"], port=port),
        closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection,
    ):
        measures = _measures(connection, _REQUESTS if scale.peers else 1)
        found = best(interleaved(scale.short_rounds, measures))
    yield Row(
        name="redaction-first-byte",
        what="the first byte of a page of 100 KB that is streamed, with secrets, two names and"
        " four detectors",
        unit="µs",
        value=found["on"],
        peers=(Peer(name="nothing hidden", value=found["off"], at_least=1 / _AT_MOST),),
    )


def _measures(
    connection: http.client.HTTPConnection, requests: int
) -> Mapping[str, Callable[[], float]]:
    connection.request("GET", "/cookies")
    cookies = json.loads(connection.getresponse().read())
    for cookie in cookies.values():
        # On a busy machine the session is not heard of at once.
        while _status(connection, {**_headers(), "cookie": cookie}) != http.client.OK:
            pass
    told = {name: {**_headers(), "cookie": cookie} for name, cookie in cookies.items()}
    return {
        name: partial(_least, connection, headers, requests, before=(told["on"], told["off"]))
        for name, headers in told.items()
    }


def _status(connection: http.client.HTTPConnection, headers: Mapping[str, str]) -> int:
    connection.request("GET", "/orders", headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _headers() -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in HEADERS if name != b"accept-encoding"}


def _least(
    connection: http.client.HTTPConnection,
    headers: Mapping[str, str],
    requests: int,
    *,
    before: Iterable[Mapping[str, str]],
) -> float:
    """The least of so many answers. Each follows those to ``before``, the same for all that are
    compared: where a page was looked through, the processor's caches hold that, and whatever is
    asked next, be it to hide anything or not, begins a third later.
    """
    found = []
    for _ in range(requests):
        for one in before:
            _microseconds(connection, one)
        found.append(_microseconds(connection, headers))
    return min(found)


def _microseconds(connection: http.client.HTTPConnection, headers: Mapping[str, str]) -> float:
    begin = time.perf_counter()
    connection.request("GET", "/orders", headers=dict(headers))
    answer = connection.getresponse()
    first = answer.read(1)
    taken = (time.perf_counter() - begin) * 1e6
    rest = answer.read()
    if answer.status != http.client.OK or not (first + rest).endswith(b"</html>"):
        raise AssertionError(f"{answer.status}: {rest[:500]!r}")
    return taken
