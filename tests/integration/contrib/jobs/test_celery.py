"""Celery with a worker, which takes tasks from a broker in memory, and in eager mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import Celery, chain, chord, group
from celery.contrib.testing.worker import start_worker

from tests.fixtures.refusals import refusal_of
from tests.integration.contrib.jobs.celery_app import (
    after,
    app,
    close_account,
    failing,
    note,
    parent,
    warm_cache,
)
from tests.integration.contrib.jobs.seen import READING, SAM, SECONDS, Seen
from understudy.contrib.jobs.celery import carry_attribution
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import Present, entered


@pytest.fixture(scope="module")
def worker() -> Iterator[None]:
    """One worker for all; it takes tasks as any does, from the broker."""
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=SECONDS):
        yield


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run at once, in the request."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture(params=["worker", "eager"])
def mode(request: pytest.FixtureRequest) -> str:
    """Both ways."""
    request.getfixturevalue(request.param)
    return str(request.param)


WORKFLOWS: list[Any] = [
    pytest.param(
        lambda: chain(note.s("first"), after.s("second"), after.s("third")),
        {"first", "second", "third"},
        id="chain",
    ),
    pytest.param(lambda: group(note.s("one"), note.s("other")), {"one", "other"}, id="group"),
    pytest.param(
        lambda: chord([note.s("one"), note.s("other")], after.s("body")),
        {"one", "other", "body"},
        id="chord",
    ),
    pytest.param(lambda: note.s("one").set(link=after.s("linked")), {"one", "linked"}, id="link"),
    pytest.param(parent.s, {"parent", "child"}, id="child"),
    pytest.param(failing.s, {"try 0", "try 1"}, id="retry"),
]


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize(("workflow", "names"), WORKFLOWS)
def test_every_task_of_a_workflow_knows_who_caused_it(
    workflow: Callable[[], Any], names: set[str], seen: Seen
) -> None:
    with entered(Present(SAM)):
        workflow().apply_async()
    seen.until(*((name, "opr_1") for name in names))


@pytest.mark.usefixtures("mode")
def test_the_next_task_is_nobody_s(seen: Seen) -> None:
    with entered(Present(SAM)):
        note.delay("in the session")
    parent.delay()
    seen.until(("in the session", "opr_1"), ("parent", None), ("child", None))


@pytest.mark.usefixtures("mode")
def test_what_is_forbidden_is_not_sent_in_a_session(seen: Seen) -> None:
    now = Present(SAM)
    with (
        entered(now),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        close_account.delay()
    assert now.forbidden
    close_account.delay()
    seen.until(("closed", None))


@pytest.mark.usefixtures("mode")
def test_a_session_that_may_only_read_sends_what_is_allowed_there_alone(seen: Seen) -> None:
    with entered(Present(READING)):
        with refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"):
            note.delay("written")
        warm_cache.delay()
    seen.until(("warmed", "opr_1"))


@pytest.mark.usefixtures("worker")
def test_what_is_forbidden_is_not_sent_by_its_name(seen: Seen) -> None:
    with (
        entered(Present(SAM)),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        app.send_task("close_account")


@pytest.mark.usefixtures("worker")
def test_a_worker_refuses_what_its_sender_does_not_know_to_be_forbidden(seen: Seen) -> None:
    sender = Celery("web", broker="memory://", backend="cache+memory://", set_as_current=False)
    sender.conf.task_default_queue = app.conf.task_default_queue
    carry_attribution(sender)
    with entered(Present(SAM)):
        sent = sender.send_task("close_account")
    sent.get(timeout=SECONDS, propagate=False)
    assert sent.state == "FAILURE"
    seen.until()


def test_a_task_that_is_called_as_a_function_is_part_of_the_request() -> None:
    with (
        entered(Present(SAM)),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        close_account()
