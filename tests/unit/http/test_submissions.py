from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from understudy.core.ports import Unit
from understudy.errors import Conflict, StorageBusy, Unavailable
from understudy.http.submissions import Submissions
from understudy.storage.engine.jobs import Job, Outcome


class Queue:
    """A writer's queue with ``room``, which remembers what was handed over together."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self.groups: list[list[Job]] = []

    def submit(self, jobs: Sequence[Job]) -> int:
        self.groups.append(list(jobs[: self.room]))
        return min(len(jobs), self.room)

    def answer(self) -> None:
        """Resolve everything as a writer does, each with what its flow answers."""
        for group in self.groups:
            for job in group:
                job.resolve(Outcome(value=job.flow(None)))  # type: ignore[arg-type]


def says(word: str) -> Callable[[Unit], str]:
    return lambda _: word


async def turn() -> None:
    """Let the loop do what is ready, and then what that made ready."""
    for _ in range(2):
        await asyncio.sleep(0)


def started(submissions: Submissions, words: str) -> list[asyncio.Task[Any]]:
    return [asyncio.create_task(submissions.run(says(word))) for word in words]


async def test_what_one_turn_submits_is_handed_over_together() -> None:
    queue = Queue()
    submissions = Submissions(queue.submit)
    first = started(submissions, "abc")
    await turn()
    second = started(submissions, "d")
    await turn()
    assert [len(group) for group in queue.groups] == [3, 1]
    await asyncio.to_thread(queue.answer)
    assert [await task for task in (*first, *second)] == ["a", "b", "c", "d"]


async def test_a_group_wakes_the_loop_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, woken = Queue(), 0
    tasks = started(Submissions(queue.submit), "abc")
    await turn()
    loop = asyncio.get_running_loop()
    wake = loop.call_soon_threadsafe

    def counted(*arguments: Any) -> asyncio.Handle:
        nonlocal woken
        woken += 1
        return wake(*arguments)

    monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
    queue.answer()
    assert woken == 1
    assert [await task for task in tasks] == ["a", "b", "c"]


async def test_an_error_is_raised_where_the_flow_was_waited_for() -> None:
    queue, refusal = Queue(), Conflict()
    (task,) = started(Submissions(queue.submit), "a")
    await turn()
    queue.groups[0][0].resolve(Outcome(error=refusal))
    with pytest.raises(Conflict) as caught:
        await task
    assert caught.value is refusal


async def test_only_the_first_outcome_counts() -> None:
    queue = Queue()
    (task,) = started(Submissions(queue.submit), "a")
    await turn()
    queue.groups[0][0].resolve(Outcome(value="first"))
    queue.groups[0][0].resolve(Outcome(error=Unavailable()))
    assert await task == "first"


async def test_what_finds_no_room_is_refused_and_the_rest_goes_on() -> None:
    queue = Queue(room=2)
    *taken, refused = started(Submissions(queue.submit), "abc")
    await turn()
    with pytest.raises(StorageBusy) as caught:
        await refused
    assert caught.value.code == "storage_busy"
    queue.answer()
    assert [await task for task in taken] == ["a", "b"]


async def test_a_closed_writer_is_told_to_everybody_who_waits() -> None:
    def closed(_: Sequence[Job]) -> int:
        raise Unavailable(internal="the writer is closed")

    for task in started(Submissions(closed), "ab"):
        with pytest.raises(Unavailable) as caught:
            await task
        assert caught.value.code == "unavailable"


async def test_a_defect_of_the_writer_leaves_nobody_waiting() -> None:
    def fails(_: Sequence[Job]) -> int:
        raise ZeroDivisionError

    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    with pytest.raises(Unavailable) as refused:
        await Submissions(fails).run(says("a"))
    assert refused.value.code == "unavailable"
    assert [type(one) for one in told] == [ZeroDivisionError]


async def test_who_stops_waiting_in_the_same_turn_submits_nothing() -> None:
    queue = Queue()
    tasks = started(Submissions(queue.submit), "a")
    await asyncio.sleep(0)
    tasks[0].cancel()
    await turn()
    assert queue.groups == []


async def test_who_stops_waiting_withdraws_the_flow_before_its_turn() -> None:
    queue = Queue()
    leaving, staying = started(Submissions(queue.submit), "ab")
    await turn()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert [job.begin() for job in queue.groups[0]] == [False, True]
    queue.answer()
    assert await staying == "b"


def test_a_loop_that_is_gone_is_not_woken_and_the_next_one_serves() -> None:
    queue = Queue()
    submissions = Submissions(queue.submit)

    async def leave() -> None:
        started(submissions, "a")
        await turn()

    async def stay() -> str:
        (task,) = started(submissions, "b")
        await turn()
        queue.answer()
        answer: str = await task
        return answer

    asyncio.run(leave())
    assert asyncio.run(stay()) == "b"
    assert len(queue.groups) == 2
