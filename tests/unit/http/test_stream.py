from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec

from tests.fixtures.endings import ending
from tests.fixtures.engine import START
from understudy.core.impersonation.endings import Reach
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.http.stream import (
    QUEUE_LENGTH,
    EndingNews,
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
    block = news().content
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


async def opened(*application_ids: str | None) -> tuple[Stream, list[Listener]]:
    """A stream in this loop, and who listens to it."""
    stream = Stream(timer=lambda: 1.0)
    stream.open()
    return stream, [stream.listen(application_id) for application_id in application_ids]


async def turn() -> None:
    """Let the loop deliver what was handed over before."""
    delivered = asyncio.Event()
    asyncio.get_running_loop().call_soon(delivered.set)
    await delivered.wait()


async def test_news_of_others_take_no_room_in_the_queue() -> None:
    stream, (listener,) = await opened("app_1")
    for index in range(QUEUE_LENGTH * 2):
        stream.on_entries([entry(index, {"application_id": "app_2"})])
    stream.on_entries([entry(7, {"application_id": "app_1"})])
    await turn()
    assert [one.index for one in await anext(listener.news())] == [7]


async def test_a_full_queue_ends_the_stream() -> None:
    listener = Listener(None)
    for index in range(QUEUE_LENGTH):
        assert listener.offer([Heartbeat(index=index)])
    assert not listener.offer([Heartbeat(index=QUEUE_LENGTH)])
    assert [one async for one in listener.news()] == []


async def test_whoever_does_not_read_holds_up_nobody_and_keeps_nothing() -> None:
    stream, (_, quick) = await opened(None, None)
    heard = quick.news()
    for index in range(QUEUE_LENGTH + 1):
        stream.on_heartbeat(index)
        await turn()
        assert await anext(heard) == [Heartbeat(index=index)]
    assert stream.listeners == 1


async def test_what_waits_comes_at_once_and_is_the_same_bytes_for_all() -> None:
    stream, (own, other, everybody) = await opened("app_1", "app_1", None)
    stream.on_entries([entry(index, {"application_id": "app_1"}) for index in (3, 4)])
    stream.on_heartbeat(4)
    await turn()
    first, second, third = [await anext(listener.news()) for listener in (own, other, everybody)]
    assert [one.index for one in first] == [3, 4, 4]
    assert first == second == third
    for one, two, three in zip(first, second, third, strict=True):
        assert one.content is two.content is three.content


async def test_news_reach_the_loop_from_another_thread() -> None:
    stream, (listener,) = await opened("app_1")
    core = {"application_id": "app_1", "session_id": "ses_1"}
    await asyncio.to_thread(stream.on_entries, [entry(3, core)])
    await asyncio.to_thread(stream.on_heartbeat, 4)
    await turn()
    news = await anext(listener.news())
    assert [one.index for one in news] == [3, 4]
    assert news[1] == Heartbeat(index=4)


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


async def test_an_ending_that_is_in_no_log_is_news_without_an_id() -> None:
    one = EndingNews(ending=ending(ref="ses_1"))
    assert one.content == (
        b"event: session\n"
        b'data: {"session_id":"ses_1","type":"session.revoked","cause":"revoked"}\n\n'
    )
    many = EndingNews(ending=ending(reach=Reach.ALL, ref=None, application_id=None))
    assert many.content == b'event: rules\ndata: {"application_id":null}\n\n'


def test_an_ending_of_several_applications_is_heard_by_all() -> None:
    wide = EndingNews(ending=ending(reach=Reach.ALL, ref=None, application_id=None))
    own = EndingNews(ending=ending(application_id="app_1"))
    assert Listener("app_2").hears(wide)
    assert not Listener("app_2").hears(own)
    assert Listener(None).hears(own)


async def test_whoever_begins_to_listen_hears_first_what_is_in_force() -> None:
    stream = Stream(timer=lambda: 0.0)
    stream.open()
    told = ending(application_id="app_1")
    stream.in_force = lambda: [told]
    [first] = await anext(stream.listen("app_1").news())
    assert first == EndingNews(ending=told)
