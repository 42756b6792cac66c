from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.core.ids import SessionId
from understudy.http.stream import Heartbeat, SessionNews, Stream
from understudy.wires.native import events


async def test_an_end_that_comes_with_the_callers_own_is_told_before_they_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Disabling an application ends its sessions, and its stream with the next heartbeat."""

    async def unwelcome(_: object) -> bool:
        return False

    monkeypatch.setattr(events, "_still_welcome", unwelcome)
    stream = Stream(timer=time.monotonic)
    stream.open()
    call: Any = SimpleNamespace(node=SimpleNamespace(stream=stream, staffing=None))
    told = events._events(call, "app_1", None)
    assert await anext(told) == b": understudy\n\n"
    (listener,) = stream._listeners
    revoked = SessionNews(
        index=7,
        application_id="app_1",
        session_id=SessionId("ses_1"),
        type="session.revoked",
        cause="application_inactive",
    )
    listener.offer([revoked, Heartbeat(index=7)])
    assert await anext(told) == revoked.content
    with pytest.raises(StopAsyncIteration):
        await anext(told)
    assert stream.listeners == 0
