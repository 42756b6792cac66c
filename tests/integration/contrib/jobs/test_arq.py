"""arq with a worker on this loop, and a Redis server in Python."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from arq import Retry, create_pool
from arq.connections import RedisSettings
from arq.worker import Worker, func

from tests.fixtures.refusals import refusal_of
from tests.integration.contrib.jobs.seen import READING, SAM, SEEN, Seen
from understudy import allow_in_read_only, forbid_while_impersonating
from understudy.contrib.jobs.arq import AttributedRedis, attributed
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import Present, entered


@attributed
async def note(ctx: dict[Any, Any], name: str) -> None:
    SEEN.note(name)


@attributed
async def parent(ctx: dict[Any, Any]) -> None:
    SEEN.note("parent")
    await ctx["redis"].enqueue_job("note", "child")


@attributed
async def failing(ctx: dict[Any, Any]) -> None:
    SEEN.note(f"try {ctx['job_try']}")
    if ctx["job_try"] == 1:
        raise Retry


@attributed
@forbid_while_impersonating
async def close_account(ctx: dict[Any, Any]) -> None:
    SEEN.note("closed")


@attributed
@allow_in_read_only
async def warm_cache(ctx: dict[Any, Any]) -> None:
    SEEN.note("warmed")


@pytest.fixture(autouse=True)
def no_greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker begins with printing what INFO says, which the server in Python does not know."""

    async def say_nothing(*_: object) -> None: ...

    monkeypatch.setattr("arq.worker.log_redis_info", say_nothing)


@pytest.fixture
async def redis(redis_port: int) -> AsyncIterator[AttributedRedis]:
    pool = await create_pool(RedisSettings(host="127.0.0.1", port=redis_port))
    await pool.flushall()
    yield AttributedRedis.of(pool)
    await pool.aclose()


async def work(redis: AttributedRedis) -> None:
    """Do what waits, and what that leaves."""
    worker = Worker(
        [note, parent, failing, func(close_account, max_tries=1), warm_cache],
        redis_pool=redis,
        burst=True,
        handle_signals=False,
        poll_delay=0.01,
    )
    await worker.async_run()


@pytest.mark.parametrize(
    ("job", "names"),
    [
        (("note", "one"), ["one"]),
        (("parent",), ["parent", "child"]),
        (("failing",), ["try 1", "try 2"]),
    ],
    ids=["job", "child", "retry"],
)
async def test_a_job_and_what_follows_it_know_who_caused_them(
    job: tuple[str, ...], names: list[str], redis: AttributedRedis, seen: Seen
) -> None:
    with entered(Present(SAM)):
        await redis.enqueue_job(*job)
    await work(redis)
    seen.until(*((name, "opr_1") for name in names))


async def test_the_next_job_is_nobody_s(redis: AttributedRedis, seen: Seen) -> None:
    with entered(Present(SAM)):
        await redis.enqueue_job("note", "in the session")
    await redis.enqueue_job("parent")
    await work(redis)
    seen.until(("in the session", "opr_1"), ("parent", None), ("child", None))


async def test_what_is_forbidden_is_not_queued_in_a_session(
    redis: AttributedRedis, seen: Seen
) -> None:
    with (
        entered(Present(SAM)),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        await redis.enqueue_job("close_account")
    await redis.enqueue_job("close_account")
    await work(redis)
    seen.until(("closed", None))


async def test_a_worker_refuses_what_its_sender_does_not_know_to_be_forbidden(
    redis: AttributedRedis, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.contrib.jobs.arq._FUNCTIONS", {})
    with entered(Present(SAM)):
        job = await redis.enqueue_job("close_account")
    await work(redis)
    assert job is not None
    info = await job.result_info()
    assert info is not None
    assert not info.success
    seen.until()


async def test_a_session_that_may_only_read_queues_what_is_allowed_there_alone(
    redis: AttributedRedis, seen: Seen
) -> None:
    with entered(Present(READING)):
        with refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"):
            await redis.enqueue_job("note", "written")
        await redis.enqueue_job("warm_cache")
    await work(redis)
    seen.until(("warmed", "opr_1"))


async def test_the_log_of_the_worker_names_ids_alone(
    redis: AttributedRedis, seen: Seen, caplog: pytest.LogCaptureFixture
) -> None:
    with entered(Present(SAM)):
        await redis.enqueue_job("note", "one")
    with caplog.at_level("DEBUG"):
        await work(redis)
    assert "note('one'" in caplog.text
    assert "support.test" not in caplog.text
