"""Dramatiq with a worker and its threads, on the broker that it brings for tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AsyncIO, CurrentMessage, GroupCallbacks
from dramatiq.rate_limits.backends import StubBackend

from tests.fixtures.refusals import refusal_of
from tests.integration.contrib.jobs.seen import READING, SAM, SECONDS, SEEN, Seen
from understudy import allow_in_read_only, forbid_while_impersonating
from understudy.contrib.jobs.dramatiq import NotEnqueued, carry_attribution
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import Present, entered

broker = StubBroker()
broker.add_middleware(AsyncIO())
broker.add_middleware(CurrentMessage())
broker.add_middleware(GroupCallbacks(StubBackend()))
carry_attribution(broker)
MILLISECONDS = int(SECONDS * 1000)


@dramatiq.actor(broker=broker)
def note(name: str) -> None:
    SEEN.note(name)


@dramatiq.actor(broker=broker)
async def note_later(name: str) -> None:
    SEEN.note(name)


@dramatiq.actor(broker=broker)
def parent() -> None:
    SEEN.note("parent")
    note.send("child")


@dramatiq.actor(broker=broker, max_retries=1, min_backoff=1, max_backoff=1)
def failing() -> None:
    SEEN.note("try")
    message = CurrentMessage.get_current_message()
    assert message is not None
    if not message.options.get("retries"):
        raise ValueError


@dramatiq.actor(broker=broker)
def on_success(message: dict[str, Any], result: object) -> None:
    SEEN.note("callback")


@dramatiq.actor(broker=broker)
@forbid_while_impersonating
def close_account() -> None:
    SEEN.note("closed")


@dramatiq.actor(broker=broker)
@allow_in_read_only
def warm_cache() -> None:
    SEEN.note("warmed")


@pytest.fixture(scope="module", autouse=True)
def worker() -> Iterator[None]:
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=2)
    worker.start()
    broker.emit_after("process_boot")
    yield
    worker.stop()
    broker.emit_before("process_stop")
    broker.close()


WORKFLOWS: list[Any] = [
    pytest.param(lambda: note.send("one"), ["one"], id="message"),
    pytest.param(lambda: note_later.send("one"), ["one"], id="coroutine"),
    pytest.param(lambda: note.send_with_options(args=("one",), delay=1), ["one"], id="delay"),
    pytest.param(
        lambda: dramatiq.pipeline(
            [note.message("first"), note.message_with_options(args=("next",), pipe_ignore=True)],
            broker=broker,
        ).run(),
        ["first", "next"],
        id="pipeline",
    ),
    pytest.param(parent.send, ["parent", "child"], id="child"),
    pytest.param(failing.send, ["try", "try"], id="retry"),
    pytest.param(
        lambda: note.send_with_options(args=("one",), on_success=on_success),
        ["one", "callback"],
        id="callback",
    ),
]


@pytest.mark.parametrize(("start", "names"), WORKFLOWS)
def test_a_message_and_what_follows_it_know_who_caused_them(
    start: Any, names: list[str], seen: Seen
) -> None:
    with entered(Present(SAM)):
        start()
    seen.until(*((name, "opr_1") for name in names))


def test_the_completion_of_a_group_knows_who_caused_it(seen: Seen) -> None:
    with entered(Present(SAM)):
        group = dramatiq.group([note.message("one"), note.message("other")], broker=broker)
        group.add_completion_callback(note.message("all"))
        group.run()
    seen.until(("one", "opr_1"), ("other", "opr_1"), ("all", "opr_1"))


def test_the_next_message_is_nobody_s(seen: Seen) -> None:
    with entered(Present(SAM)):
        note.send("in the session")
    parent.send()
    seen.until(("in the session", "opr_1"), ("parent", None), ("child", None))


def test_what_is_forbidden_is_not_sent_in_a_session(seen: Seen) -> None:
    now = Present(SAM)
    with entered(now), refusal_of(NotEnqueued, "forbidden_while_impersonating"):
        close_account.send()
    assert now.forbidden
    assert issubclass(NotEnqueued, ForbiddenWhileImpersonating)
    close_account.send()
    seen.until(("closed", None))


def test_a_worker_refuses_what_its_sender_does_not_know_to_be_forbidden(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(close_account.fn, "understudy_forbidden")
    with entered(Present(SAM)):
        close_account.send_with_options(max_retries=0)
    with pytest.raises(ForbiddenWhileImpersonating):
        broker.join(close_account.queue_name, timeout=MILLISECONDS, fail_fast=True)
    seen.until()
    broker.dead_letters_by_queue.clear()


def test_a_session_that_may_only_read_sends_what_is_allowed_there_alone(seen: Seen) -> None:
    with entered(Present(READING)):
        with refusal_of(NotEnqueued, "forbidden_while_impersonating"):
            note.send("written")
        warm_cache.send()
    seen.until(("warmed", "opr_1"))
