from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator

import msgspec
import pytest

from understudy.http.access_log import AccessLine, log_access
from understudy.service.access_lines import AccessLines
from understudy.service.logs import REDACTED, set_up_logging

LINE = AccessLine(
    request_id="request-1",
    method="GET",
    route="/things/{id}",
    status=201,
    seconds=0.0123456,
    address="192.0.2.1",
    caller="app_1",
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What ``logging`` writes of lines; afterwards it is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logging("info", stream)
    yield stream
    root.handlers, root.level = handlers, level


def written(line: AccessLine) -> bytes:
    lines: list[bytes] = []
    AccessLines(lines.append, clock=lambda: 1_795_339_800.9)(line)
    return b"".join(lines)


@pytest.mark.parametrize("line", [LINE, msgspec.structs.replace(LINE, route="", address=None)])
def test_a_line_is_the_one_that_logging_makes(logged: io.StringIO, line: AccessLine) -> None:
    log_access(line)
    expected = json.loads(logged.getvalue())
    found = json.loads(written(line))
    assert list(found) == list(expected)
    assert found == {**expected, "time": found["time"]}
    at = time.strptime(found["time"], "%Y-%m-%dT%H:%M:%S%z")
    assert time.mktime(at) == 1_795_339_800


def test_a_secret_in_place_of_a_method_is_taken_out(logged: io.StringIO) -> None:
    secret = "usk_0123456789abcdefghij"
    line = written(msgspec.structs.replace(LINE, method=secret)).decode()
    assert secret not in line
    assert json.loads(line)["message"] == f"{REDACTED} /things/{{id}} 201"


def test_nothing_is_written_where_only_warnings_are_wanted(logged: io.StringIO) -> None:
    logging.getLogger().setLevel("WARNING")
    assert written(LINE) == b""
