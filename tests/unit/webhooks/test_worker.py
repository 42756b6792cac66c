from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from tests.contract.storage.make import application
from tests.contract.storage.test_webhooks import delivery, endpoint
from tests.fixtures.engine import START, Installation, installation
from understudy.core.notices.webhooks import Delivery, DeliveryStatus
from understudy.core.ports import DeliveryFilter, Unit
from understudy.errors import Unavailable
from understudy.flows.notices.deliver import AT_ONCE as AT_ONE_RECEIVER
from understudy.flows.notices.messages import Outgoing
from understudy.service.table import WIRES
from understudy.webhooks import worker as module
from understudy.webhooks.sender import Answer
from understudy.webhooks.worker import Worker

SECONDS = 20.0
"""No wait comes near it."""


def compose(one: Delivery) -> Outgoing:
    return Outgoing(
        url=f"https://hooks.example/{one.receiver}", headers={}, body=b"body", shown=one.id
    )


class Receivers:
    """Everybody whom the worker posts to. ``gate`` holds whoever is sent to until it opens."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.arrived: Queue[str] = Queue()
        self.answers: Queue[str] = Queue()

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        del headers, body
        receiver = url.rpartition("/")[2]
        self.arrived.put(receiver)
        assert self.gate.wait(SECONDS)
        self.answers.put(receiver)
        return Answer(status=500 if receiver == "whe_bad" else 204)

    def next_arrived(self, count: int = 1) -> list[str]:
        return sorted(self.arrived.get(timeout=SECONDS) for _ in range(count))


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:

        def prepare(unit: Unit) -> None:
            unit.applications.add(application())
            for name in ("whe_good", "whe_bad"):
                unit.webhook_endpoints.add(endpoint(id=name))

        made.engine.run(prepare)
        yield made


def put(found: Installation, receiver: str, *ids: str) -> None:
    """Deliveries that are due."""

    def add(unit: Unit) -> None:
        for delivery_id in ids:
            unit.deliveries.add(
                delivery(
                    id=delivery_id, endpoint_id=receiver, next_attempt_at=START, created_at=START
                )
            )

    found.engine.run(add)


@contextmanager
def working(found: Installation, **changes: Any) -> Iterator[tuple[Worker, Receivers]]:
    receivers = Receivers()
    parts: dict[str, Any] = {
        "formats": WIRES.formats,
        "compose": compose,
        "post": receivers.post,
        "clock": found.clock,
        "timer": time.monotonic,
        "chance": lambda: 0.0,
        "wake": threading.Event(),
    }
    made = Worker(found.engine, **(parts | changes))
    made.start()
    try:
        yield made, receivers
    finally:
        receivers.gate.set()
        made.stop()


def wait_until(worker: Worker, is_so: Callable[[], bool]) -> None:
    """Return once it is so; looks again whenever the worker has done something."""
    deadline = threading.Event()
    for _ in range(2000):
        if is_so():
            return
        deadline.wait(0.01)
    raise AssertionError("it never came to that")


def statuses(found: Installation) -> dict[str, DeliveryStatus]:
    with found.engine.reading() as reader:
        return {one.id: one.status for one in reader.deliveries.search(DeliveryFilter())}


def test_what_is_due_is_sent_and_settled(found: Installation) -> None:
    put(found, "whe_good", "msg_1", "msg_2")
    put(found, "whe_bad", "msg_3")
    with working(found) as (worker, receivers):
        assert receivers.next_arrived(3) == ["whe_bad", "whe_good", "whe_good"]
        wait_until(worker, lambda: worker.accepted + worker.failed == 3)
    assert statuses(found) == {
        "msg_1": DeliveryStatus.DELIVERED,
        "msg_2": DeliveryStatus.DELIVERED,
        "msg_3": DeliveryStatus.PENDING,
    }
    assert (worker.accepted, worker.failed) == (2, 1)
    with found.engine.reading() as reader:
        (attempt,) = reader.deliveries.attempts_of("msg_3")
    assert (attempt.status, attempt.request, attempt.at) == (500, "msg_3", START)


def test_what_becomes_due_later_is_found_and_at_once_when_the_worker_is_woken(
    found: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", SECONDS)
    wake = threading.Event()
    with working(found, wake=wake) as (_, receivers):
        put(found, "whe_good", "msg_1")
        wake.set()
        assert receivers.next_arrived() == ["whe_good"]
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    with working(found) as (_, receivers):
        put(found, "whe_good", "msg_2")
        assert receivers.next_arrived() == ["whe_good"]


def test_a_receiver_that_is_slow_holds_up_nobody_else(found: Installation) -> None:
    put(found, "whe_bad", *(f"msg_{number}" for number in range(3 * AT_ONE_RECEIVER)))
    with working(found) as (worker, receivers):
        receivers.gate.clear()
        first = receivers.next_arrived(AT_ONE_RECEIVER)
        put(found, "whe_good", "other")
        assert first + receivers.next_arrived() == ["whe_bad"] * AT_ONE_RECEIVER + ["whe_good"]
        assert receivers.arrived.empty()
        receivers.gate.set()
        receivers.next_arrived(2 * AT_ONE_RECEIVER)
        wait_until(worker, lambda: worker.failed == 3 * AT_ONE_RECEIVER)


def test_a_node_makes_so_many_attempts_at_once_and_no_more(
    found: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    put(found, "whe_good", "msg_1", "msg_2", "msg_3")
    with working(found) as (worker, receivers):
        receivers.gate.clear()
        receivers.next_arrived(2)
        with found.engine.reading() as reader:
            assert len(reader.deliveries.due(START, 9)) == 1
        receivers.gate.set()
        receivers.next_arrived()
        wait_until(worker, lambda: worker.accepted == 3)


def test_what_has_nothing_left_to_tell_is_withdrawn(found: Installation) -> None:
    put(found, "whe_good", "msg_1")
    with working(found, compose=lambda _: None) as (worker, receivers):
        wait_until(worker, lambda: statuses(found)["msg_1"] is DeliveryStatus.CANCELLED)
        assert receivers.arrived.empty()


def test_a_message_that_cannot_be_composed_stops_no_other(
    found: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    put(found, "whe_good", "bad", "good")

    def sometimes(one: Delivery) -> Outgoing:
        if one.id == "bad":
            raise ZeroDivisionError("with a secret in it")
        return compose(one)

    with working(found, compose=sometimes) as (worker, _):
        wait_until(worker, lambda: worker.accepted == 1)
        wait_until(worker, lambda: "ZeroDivisionError" in caplog.text)
    assert statuses(found)["bad"] is DeliveryStatus.PENDING
    assert "secret" not in caplog.text


class Failing:
    """An engine that fails so often, then works."""

    def __init__(self, found: Installation, *failures: Exception) -> None:
        self._engine = found.engine
        self._failures = list(failures)
        self.failed = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def reading(self) -> Any:
        if self._failures:
            raise self._failures.pop(0)
        self.failed.set()
        return self._engine.reading()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (Unavailable(internal="the disk is away"), "webhooks wait for the database: the disk"),
        (ZeroDivisionError(), "is tried again"),
    ],
)
def test_one_bad_moment_of_the_database_does_not_end_the_worker(
    found: Installation,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    said: str,
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    put(found, "whe_good", "msg_1")
    broken = replace(found, engine=Failing(found, failure))  # type: ignore[arg-type]
    with working(broken) as (_, receivers):
        assert receivers.next_arrived() == ["whe_good"]
    assert said in caplog.text


def test_stopping_lets_what_is_under_way_finish(found: Installation) -> None:
    put(found, "whe_good", "msg_1")
    with working(found) as (worker, receivers):
        receivers.gate.clear()
        receivers.next_arrived()
        opener = threading.Timer(0.05, receivers.gate.set)
        opener.start()
        worker.stop()
        opener.join()
        assert statuses(found)["msg_1"] is DeliveryStatus.DELIVERED


def test_stopping_does_not_wait_for_a_receiver_that_hangs_and_it_is_tried_again(
    found: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.05)
    put(found, "whe_good", "msg_1", "msg_2")
    monkeypatch.setattr(module, "AT_ONCE", 1)
    with working(found) as (worker, receivers):
        receivers.gate.clear()
        receivers.next_arrived()
        worker.stop()
        assert receivers.answers.empty()
        found.clock.forward(minutes=1)
        with working(found) as (_, others):
            assert others.next_arrived(2) == ["whe_good", "whe_good"]


def test_a_worker_that_was_stopped_can_be_started_again(found: Installation) -> None:
    with working(found) as (worker, receivers):
        worker.stop()
        put(found, "whe_good", "msg_1")
        worker.start()
        assert receivers.next_arrived() == ["whe_good"]


def test_no_thread_stays_behind(found: Installation) -> None:
    before = set(threading.enumerate())
    put(found, "whe_good", "msg_1", "msg_2")
    with working(found) as (_, receivers):
        receivers.next_arrived(2)
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before


def test_bodies_are_not_printed() -> None:
    secret = Outgoing(url="https://x.example/", headers={}, body=b"private", shown="private")
    assert "private" not in repr(secret)
