"""RQ with a worker in this process, on a Redis in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis
from rq import Callback, Queue, Retry, SimpleWorker, get_current_job
from rq.job import Job

from tests.fixtures.refusals import refusal_of
from tests.integration.contrib.jobs.seen import READING, SAM, SEEN, Seen
from understudy import allow_in_read_only, forbid_while_impersonating
from understudy.contrib.jobs.rq import AttributedJob
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import Present, entered


def note(name: str) -> None:
    SEEN.note(name)


def note_callback(job: Job, connection: Redis, result: object) -> None:
    SEEN.note("callback")


def note_failure(job: Job, connection: Redis, *_: object) -> None:
    SEEN.note("failure")


def parent() -> None:
    SEEN.note("parent")
    job = get_current_job()
    assert job is not None
    queue_of(job.connection).enqueue(note, "child")


def failing() -> None:
    SEEN.note("try")
    raise ValueError


@forbid_while_impersonating
def close_account() -> None:
    SEEN.note("closed")


@allow_in_read_only
def warm_cache() -> None:
    SEEN.note("warmed")


def queue_of(redis: Redis) -> Queue:
    return Queue(connection=redis, job_class=AttributedJob)


@pytest.fixture
def queue(redis: Redis) -> Queue:
    return queue_of(redis)


def work(queue: Queue) -> None:
    """Do what waits, and what that leaves, in this very process."""
    worker = SimpleWorker([queue], connection=queue.connection, job_class=AttributedJob)
    worker.work(burst=True, logging_level="CRITICAL")


def _dependent(queue: Queue) -> None:
    queue.enqueue(note, "second", depends_on=queue.enqueue(note, "first"))


CASES: list[Any] = [
    pytest.param(lambda queue: queue.enqueue(note, "one"), ["one"], id="job"),
    pytest.param(_dependent, ["first", "second"], id="dependent"),
    pytest.param(lambda queue: queue.enqueue(parent), ["parent", "child"], id="child"),
    pytest.param(
        lambda queue: queue.enqueue(failing, retry=Retry(max=1)), ["try", "try"], id="retry"
    ),
    pytest.param(
        lambda queue: queue.enqueue(note, "one", on_success=Callback(note_callback)),
        ["one", "callback"],
        id="callback",
    ),
    pytest.param(
        lambda queue: queue.enqueue(failing, on_failure=Callback(note_failure)),
        ["try", "failure"],
        id="failure",
    ),
    pytest.param(
        lambda queue: queue.enqueue_many([Queue.prepare_data(note, ("one",))]), ["one"], id="many"
    ),
]


@pytest.mark.parametrize(("start", "names"), CASES)
def test_a_job_and_what_follows_it_know_who_caused_them(
    start: Callable[[Queue], object], names: list[str], queue: Queue, seen: Seen
) -> None:
    with entered(Present(SAM)):
        start(queue)
    work(queue)
    seen.until(*((name, "opr_1") for name in names))


def test_the_next_job_of_the_worker_is_nobody_s(queue: Queue, seen: Seen) -> None:
    with entered(Present(SAM)):
        queue.enqueue(note, "in the session")
    queue.enqueue(parent)
    work(queue)
    seen.until(("in the session", "opr_1"), ("parent", None), ("child", None))


def test_a_queue_without_a_worker_runs_its_jobs_as_nobody_s_session(
    redis: Redis, seen: Seen
) -> None:
    with entered(Present(SAM)):
        Queue(connection=redis, is_async=False, job_class=AttributedJob).enqueue(note, "at once")
    seen.until(("at once", "opr_1"))


@pytest.mark.parametrize("job", [close_account, f"{__name__}.close_account"])
def test_what_is_forbidden_is_not_queued_in_a_session(job: Any, queue: Queue, seen: Seen) -> None:
    with (
        entered(Present(SAM)),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        queue.enqueue(job)
    queue.enqueue(job)
    work(queue)
    seen.until(("closed", None))


def test_a_worker_refuses_what_its_sender_does_not_know_to_be_forbidden(
    queue: Queue, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(close_account, "understudy_forbidden")
    with entered(Present(SAM)):
        job = queue.enqueue(close_account)
    work(queue)
    assert job.is_failed
    seen.until()


def test_a_session_that_may_only_read_queues_what_is_allowed_there_alone(
    queue: Queue, seen: Seen
) -> None:
    with entered(Present(READING)):
        with refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"):
            queue.enqueue(note, "written")
        queue.enqueue(warm_cache)
    work(queue)
    seen.until(("warmed", "opr_1"))


def test_jobs_that_share_their_meta_do_not_share_who_caused_them(queue: Queue) -> None:
    meta = {"tenant": "acme"}
    with entered(Present(SAM)):
        queue.enqueue(note, "one", meta=meta)
    other = queue.enqueue(note, "other", meta=meta)
    assert meta == {"tenant": "acme"}
    assert isinstance(other, AttributedJob)
    assert other.attribution is None
