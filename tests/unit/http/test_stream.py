from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec

from tests.fixtures.engine import START
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.http.stream import (
    QUEUE_LENGTH,
    Heartbeat,
    Listener,
    LogNews,
    SessionNews,
    Stream,
    news_of,
)


def entry(index: int = 7, core: Mapping[str, object] | None = None) -> Entry:
    return Entry(
        index=index,
        time=START,
        type=EventType.SESSION_REVOKED,
        leaf=b"",
        core=core,  # type: ignore[arg-type]
        personal=None,
    )


def news(index: int = 7, application_id: str = "app_1") -> LogNews:
    core = {"application_id": application_id, "session_id": "ses_1", "details": {"cause": "idle"}}
    return news_of(entry(index, core))


def test_an_event_is_sent_with_the_index_as_its_id() -> None:
    block = news().to_bytes()
    head, _, data = block.decode().partition("data: ")
    assert head == "id: 7\nevent: session\n"
    assert block.endswith(b"\n\n")
    assert msgspec.json.decode(data) == {
        "session_id": "ses_1",
        "type": "session.revoked",
        "cause": "idle",
    }


def test_an_erased_entry_is_still_news_of_something() -> None:
    assert news_of(entry()) == SessionNews(
        index=7, application_id=None, session_id=None, type="session.revoked", cause=None
    )


def test_a_listener_hears_its_own_application_only() -> None:
    own, everything = Listener("app_1"), Listener(None)
    assert own.hears(news(application_id="app_1"))
    assert not own.hears(news(application_id="app_2"))
    assert everything.hears(news(application_id="app_2"))


async def test_news_of_others_take_no_room_in_the_queue() -> None:
    listener = Listener("app_1")
    for index in range(QUEUE_LENGTH * 2):
        assert listener.offer(news(index, application_id="app_2"))
    assert listener.offer(news(1))


async def test_a_full_queue_ends_the_stream() -> None:
    listener = Listener(None)
    for index in range(QUEUE_LENGTH):
        assert listener.offer(Heartbeat(index=index))
    assert not listener.offer(Heartbeat(index=QUEUE_LENGTH))
    assert [one async for one in listener.news()] == []


async def test_news_reach_the_loop_from_another_thread() -> None:
    stream = Stream(timer=lambda: 1.0)
    stream.open()
    listener = stream.listen("app_1")
    core = {"application_id": "app_1", "session_id": "ses_1"}
    await asyncio.to_thread(stream.on_entries, [entry(3, core)])
    await asyncio.to_thread(stream.on_heartbeat, 4)
    heard = listener.news()
    assert (await anext(heard)).index == 3
    assert await anext(heard) == Heartbeat(index=4)


def test_nothing_is_fresh_before_the_first_heartbeat_or_long_after_the_last() -> None:
    now = 10.0
    stream = Stream(timer=lambda: now)
    assert not stream.is_fresh()
    stream.on_heartbeat(1)
    now = 14.9
    assert stream.is_fresh()
    now = 15.0
    assert not stream.is_fresh()


async def test_whoever_comes_after_the_end_is_sent_away() -> None:
    stream = Stream(timer=lambda: 1.0)
    stream.open()
    early = stream.listen(None)
    stream.close()
    late = stream.listen(None)
    assert [one async for one in early.news()] == [one async for one in late.news()] == []
    assert stream.listeners == 0
