from __future__ import annotations

import logging

import msgspec
import pytest
from starlette.types import Message, Receive, Scope, Send

from understudy.errors import NotFound, StorageBusy
from understudy.http.incoming import Headers, Incoming
from understudy.http.middleware.guarded import Guarded


async def receive() -> Message:
    raise AssertionError


async def answered(error: Exception, *, begin: bool = False) -> list[Message]:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begin:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http"}
    Incoming(request_id="request-1", address=None, headers=Headers([])).attach(scope)
    await Guarded(app)(scope, receive, send)
    return sent


async def test_an_error_of_ours_is_told_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    start, body = await answered(NotFound())
    assert start["status"] == 404
    assert msgspec.json.decode(body["body"])["code"] == "not_found"
    assert not caplog.records


async def test_what_only_operators_may_read_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    _, body = await answered(StorageBusy(internal="db-1 is locked"))
    assert b"db-1" not in body["body"]
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "db-1 is locked" in record.getMessage()


async def test_a_defect_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    start, body = await answered(RuntimeError("boom"))
    assert start["status"] == 500
    assert b"boom" not in body["body"]
    assert caplog.records[0].exc_info is not None
    assert vars(caplog.records[0])["request_id"] == "request-1"


async def test_an_answer_that_has_begun_is_broken_off() -> None:
    with pytest.raises(NotFound):
        await answered(NotFound(), begin=True)
