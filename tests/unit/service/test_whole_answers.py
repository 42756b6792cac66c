from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from understudy.service.whole_answers import write

LINES = b"content-type: text/plain\r\ncontent-length: 2\r\n"


class Transport:
    """Notes what is written to it, and whether it was closed."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, content: bytes) -> None:
        self.written.append(content)

    def close(self) -> None:
        self.closed = True


class Cycle(SimpleNamespace):
    """What of uvicorn's cycle is looked at and changed."""

    def __init__(self, *, method: str = "GET", **changes: object) -> None:
        given = {
            "scope": {"method": method},
            "flow": SimpleNamespace(write_paused=False),
            "transport": Transport(),
            "default_headers": [(b"date", b"now")],
            "disconnected": False,
            "keep_alive": True,
            "response_started": False,
            "response_complete": False,
            "waiting_for_100_continue": True,
            "message_event": SimpleNamespace(set=lambda: None),
            "answered": 0,
        }
        super().__init__(**(given | changes))

    def on_response(self) -> None:
        self.answered += 1


def written(cycle: Cycle, status: int = 200, content: bytes = b"ok") -> bool:
    return write(cast(RequestResponseCycle, cycle), status, LINES, content)


def test_an_answer_is_one_write() -> None:
    cycle = Cycle()
    assert written(cycle)
    head = b"HTTP/1.1 200 OK\r\ndate: now\r\n" + LINES
    assert cycle.transport.written == [head + b"\r\nok"]
    assert not cycle.transport.closed
    assert cycle.response_started
    assert cycle.response_complete
    assert not cycle.waiting_for_100_continue
    assert cycle.answered == 1


def test_a_connection_that_is_not_kept_is_closed_after_the_answer() -> None:
    cycle = Cycle(keep_alive=False)
    assert written(cycle)
    assert cycle.transport.written[0].endswith(b"\r\nconnection: close\r\n\r\nok")
    assert cycle.transport.closed


def test_an_answer_without_content_has_a_status_that_says_so() -> None:
    assert written(Cycle(), 204, b"")
    assert not written(Cycle(), 200, b"")
    assert not written(Cycle(), 204, b"ok")
    assert not written(Cycle(), 304, b"ok")


@pytest.mark.parametrize(
    "cycle",
    [
        Cycle(method="HEAD"),
        Cycle(flow=SimpleNamespace(write_paused=True)),
        Cycle(response_started=True),
    ],
    ids=["only headers are wanted", "the client reads slowly", "an answer has begun"],
)
def test_messages_are_due_where_a_write_would_be_wrong(cycle: Cycle) -> None:
    assert not written(cycle)
    assert cycle.transport.written == []
    assert cycle.answered == 0


def test_nothing_is_written_to_a_client_who_has_gone() -> None:
    cycle = Cycle(disconnected=True)
    assert written(cycle)
    assert cycle.transport.written == []
