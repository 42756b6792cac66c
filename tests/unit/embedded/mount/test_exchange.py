"""A request on its way through a service that lives on another thread."""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

import pytest

from tests.unit.embedded.mount.conftest import Asks, begin, part
from understudy.embedded.mount.exchange import PART_BYTES, BrokenOffError, Exchange
from understudy.embedded.mount.service_side import PARTS_AHEAD
from understudy.errors import Unavailable

PATIENCE_SECONDS = 10.0


def body_of(exchange: Exchange) -> bytes:
    """All of an answer's."""
    whole, more = b"", True
    while more:
        found, more = exchange.part()
        whole += found
    return whole


async def echo(_: Any, receive: Any, send: Any) -> None:
    """Reads all, and says how it came."""
    sizes, more = [], True
    while more:
        message = await receive()
        sizes.append(len(message["body"]))
        more = message["more_body"]
    await begin(send)
    await part(send, repr(sizes).encode())


@pytest.mark.parametrize(
    ("body", "length", "told"),
    [
        (None, None, [0]),
        (b"", None, [0]),
        (b"x" * 10, 10, [10, 0]),
        (b"x" * 10, None, [10, 0]),
        (b"x" * (PART_BYTES + 1), PART_BYTES + 1, [PART_BYTES, 1, 0]),
        (b"x" * 10, 4, [4, 0]),
    ],
)
def test_a_body_comes_in_bounded_parts(
    asks: Asks, body: bytes | None, length: int | None, told: list[int]
) -> None:
    exchange = asks.exchange(echo, body, length)
    assert exchange.begin() == (200, [(b"x", b"1")])
    assert body_of(exchange) == repr(told).encode()


def test_half_of_a_body_is_never_taken_for_the_whole(asks: Asks) -> None:
    heard: list[str] = []

    async def reads(_: Any, receive: Any, send: Any) -> None:
        heard.extend([(await receive())["type"], (await receive())["type"]])
        await begin(send)

    with pytest.raises(Unavailable):
        asks.exchange(reads, b"x" * 10, 12).begin()
    assert heard == ["http.request", "http.disconnect"]


def test_a_service_that_gives_no_answer_is_unavailable(asks: Asks) -> None:
    async def fails(_: Any, __: Any, ___: Any) -> None:
        raise RuntimeError

    with pytest.raises(Unavailable):
        asks.exchange(fails).begin()


def test_a_loop_that_is_over_or_ends_meanwhile_keeps_nobody_waiting(asks: Asks) -> None:
    reached = threading.Event()

    async def never(_: Any, receive: Any, __: Any) -> None:
        await receive()
        reached.set()
        await receive()

    loop = asks.loop(never)

    def end() -> None:
        reached.wait(PATIENCE_SECONDS)
        loop.stop()

    ender = threading.Thread(target=end)
    ender.start()
    with pytest.raises(Unavailable):
        Exchange(loop, {}, None).begin()
    ender.join()
    assert loop.ended
    with pytest.raises(Unavailable):
        Exchange(loop, {}, None).begin()


def test_an_answer_that_ends_in_the_middle_is_not_taken_for_whole(asks: Asks) -> None:
    async def breaks(_: Any, __: Any, send: Any) -> None:
        await begin(send)
        await part(send, b"half", more=True)
        raise RuntimeError

    exchange = asks.exchange(breaks)
    exchange.begin()
    assert exchange.part() == (b"half", True)
    with pytest.raises(BrokenOffError):
        exchange.part()


def test_no_more_is_made_than_a_slow_client_takes(asks: Asks) -> None:
    made: list[int] = []

    async def endless(_: Any, __: Any, send: Any) -> None:
        await begin(send)
        for number in count():
            await part(send, b"x", more=True)
            made.append(number)

    exchange = asks.exchange(endless)
    exchange.begin()
    taken = 3
    for _ in range(taken):
        exchange.part()
    settled = threading.Event()
    # Behind whatever has been set off so far.
    for _ in range(PARTS_AHEAD):
        exchange._loop.call(lambda: None)
    exchange._loop.call(settled.set)
    assert settled.wait(PATIENCE_SECONDS)
    assert len(made) <= PARTS_AHEAD + taken


def test_the_service_hears_that_nobody_waits_any_more(asks: Asks) -> None:
    gone = threading.Event()

    async def listens(_: Any, receive: Any, send: Any) -> None:
        await begin(send)
        await receive()
        if (await receive())["type"] == "http.disconnect":
            await part(send, b"to nobody")
            gone.set()

    exchange = asks.exchange(listens)
    exchange.begin()
    exchange.close()
    exchange.close()
    assert gone.wait(PATIENCE_SECONDS)


def test_what_the_service_wants_to_know_is_asked_on_the_thread_that_serves(asks: Asks) -> None:
    asked_on: list[int] = []
    exchange: Exchange

    def question() -> bool:
        asked_on.append(threading.get_ident())
        return True

    def fails() -> bool:
        raise ValueError

    async def asking(_: Any, __: Any, send: Any) -> None:
        answer = await exchange.ask(question)
        try:
            await exchange.ask(fails)
        except ValueError:
            await begin(send, 200 if answer else 500)
            await part(send, b"")

    exchange = asks.exchange(asking)
    assert exchange.begin().status == 200
    assert asked_on == [threading.get_ident()]


def test_a_question_that_nobody_answers_any_more_ends(asks: Asks) -> None:
    ended = threading.Event()
    exchange: Exchange

    async def asking(_: Any, __: Any, send: Any) -> None:
        await begin(send)
        try:
            await exchange.ask(lambda: True)
        finally:
            ended.set()

    exchange = asks.exchange(asking)
    exchange.begin()
    exchange.close()
    assert ended.wait(PATIENCE_SECONDS)


async def test_an_event_loop_of_the_apps_own_waits_for_parts_without_a_thread(asks: Asks) -> None:
    async def slow(_: Any, receive: Any, send: Any) -> None:
        await begin(send)
        await part(send, repr((await receive())["body"]).encode(), more=True)
        await part(send, b".")

    exchange = asks.exchange(slow, b"sent", 4)
    assert exchange.begin().status == 200
    assert [await exchange.apart(), await exchange.apart()] == [(b"b'sent'", True), (b".", False)]
