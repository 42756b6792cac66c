"""Huey with a consumer and its threads, on its store in memory, and in immediate mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from huey import MemoryHuey
from huey.api import chord
from huey.consumer import Consumer

from tests.fixtures.refusals import refusal_of
from tests.integration.contrib.jobs.seen import READING, SAM, SEEN, Seen
from understudy import allow_in_read_only, forbid_while_impersonating
from understudy.contrib.jobs.huey import carry_attribution
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk import forbidding
from understudy.sdk.at_work import AtWork
from understudy.sdk.context import Present, entered

huey = MemoryHuey("understudy-tests", immediate_use_memory=False)
carry_attribution(huey)
TRIES: list[int] = []


@huey.task()
def note(*given: str, name: str) -> str:
    SEEN.note(name)
    return name


@huey.task()
def collect(names: list[str]) -> None:
    SEEN.note(f"all of {len(names)}")


@huey.task()
def parent() -> None:
    SEEN.note("parent")
    note(name="child")


@huey.task(retries=1)
def failing() -> None:
    SEEN.note("try")
    TRIES.append(1)
    if len(TRIES) % 2:
        raise ValueError


@huey.task(retries=1, retry_delay=0.01)
def failing_slowly() -> None:
    SEEN.note("try")
    TRIES.append(1)
    if len(TRIES) % 2:
        raise ValueError


@huey.task()
@forbid_while_impersonating
def close_account() -> None:
    SEEN.note("closed")


@huey.task()
@allow_in_read_only
def warm_cache() -> None:
    SEEN.note("warmed")


@huey.task(retries=1)
@forbid_while_impersonating
def close_account_again() -> None:
    SEEN.note("closed")


class NowAndThen:
    """Somebody is impersonated in this process, every other time that it is asked."""

    def __init__(self) -> None:
        self._asked = 0

    def is_busy(self) -> bool:
        self._asked += 1
        return self._asked % 2 == 0


class InTests(Consumer):  # type: ignore[misc]  # no types
    """A consumer that leaves the signals to pytest."""

    def _set_signal_handlers(self) -> None: ...


@pytest.fixture
def consumer() -> Iterator[None]:
    consumer = InTests(huey, workers=1, initial_delay=0.01, max_delay=0.02, scheduler_interval=1)
    consumer.start()
    yield
    consumer.stop(graceful=True)


@pytest.fixture
def immediate() -> Iterator[None]:
    huey.immediate = True
    yield
    huey.immediate = False


@pytest.fixture(params=["consumer", "immediate"])
def mode(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


WORKFLOWS: list[Any] = [
    pytest.param(lambda: note(name="one"), ["one"], id="task"),
    pytest.param(
        lambda: huey.enqueue(note.s(name="first").then(note, name="second")),
        ["first", "second"],
        id="pipeline",
    ),
    pytest.param(
        lambda: huey.enqueue(chord([note.s(name="one"), note.s(name="other")], collect)),
        ["one", "other", "all of 2"],
        id="chord",
    ),
    pytest.param(parent, ["parent", "child"], id="child"),
    pytest.param(failing, ["try", "try"], id="retry"),
]


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize(("start", "names"), WORKFLOWS)
def test_a_task_and_what_follows_it_know_who_caused_them(
    start: Any, names: list[str], seen: Seen
) -> None:
    with entered(Present(SAM)):
        start()
    seen.until(*((name, "opr_1") for name in names))


@pytest.mark.usefixtures("consumer")
def test_a_task_that_was_put_off_knows_who_caused_it(seen: Seen) -> None:
    with entered(Present(SAM)):
        note.schedule(kwargs={"name": "later"}, delay=0.01)
    seen.until(("later", "opr_1"))


@pytest.mark.usefixtures("consumer")
def test_a_task_that_is_tried_again_later_knows_who_caused_it(seen: Seen) -> None:
    with entered(Present(SAM)):
        failing_slowly()
    seen.until(("try", "opr_1"), ("try", "opr_1"))


@pytest.mark.usefixtures("mode")
def test_the_next_task_is_nobody_s(seen: Seen) -> None:
    with entered(Present(SAM)):
        note(name="in the session")
    parent()
    seen.until(("in the session", "opr_1"), ("parent", None), ("child", None))


@pytest.mark.usefixtures("mode")
def test_what_is_forbidden_is_not_queued_in_a_session(seen: Seen) -> None:
    now = Present(SAM)
    with (
        entered(now),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
    ):
        close_account()
    assert now.forbidden
    close_account()
    seen.until(("closed", None))


@pytest.mark.usefixtures("consumer")
def test_a_consumer_refuses_what_its_sender_does_not_know_to_be_forbidden(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(close_account.func, "understudy_forbidden")
    with entered(Present(SAM)):
        close_account()
        note(name="next")
    seen.until(("next", "opr_1"))


@pytest.mark.usefixtures("mode")
def test_a_session_that_may_only_read_queues_what_is_allowed_there_alone(seen: Seen) -> None:
    with entered(Present(READING)):
        with refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"):
            note(name="written")
        warm_cache()
    seen.until(("warmed", "opr_1"))


@pytest.mark.usefixtures("immediate")
def test_a_task_that_was_let_in_is_tried_again_without_being_judged_anew(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody, at_work = NowAndThen(), AtWork()
    at_work.begins(somebody)
    monkeypatch.setattr(forbidding, "AT_WORK", at_work)
    close_account_again()
    seen.until(("closed", None))
