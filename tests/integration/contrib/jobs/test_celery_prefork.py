"""Celery with a worker that is a process, and runs tasks in another one, which it has forked."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import pytest
from celery import Celery, chain

from tests.fixtures.django_process import ROOT
from tests.integration.contrib.jobs.celery_shop import TOLD, shop
from tests.integration.contrib.jobs.seen import SAM, SECONDS
from understudy.contrib.jobs.celery import carry_attribution
from understudy.sdk.context import Present, entered

# As the broker lays its tables out.
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy:DeprecationWarning")


class Shop(NamedTuple):
    """The app as the web process has it, the worker, and what its tasks tell."""

    app: Celery
    worker: int
    told: BinaryIO

    def until(self, *tasks: tuple[str, str | None]) -> None:
        """Wait until as many have run: these, in any order, and not where they were sent."""
        found = [self._next() for _ in tasks]
        assert {(name, actor) for name, actor, _ in found} == set(tasks)
        assert not {process for *_, process in found} & {self.worker, os.getpid()}

    def _next(self) -> list[Any]:
        assert select.select([self.told], [], [], SECONDS)[0], "no task tells anything"
        return list(json.loads(self.told.readline()))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One worker for all."""
    folder = tmp_path_factory.mktemp("celery")
    app = shop(folder)
    os.mkfifo(folder / TOLD)
    command = [sys.executable, "-m", "tests.integration.contrib.jobs.celery_shop", str(folder)]
    with (
        # For writing as well, so that it has no end between two tasks.
        (folder / TOLD).open("r+b", buffering=0) as told,
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        ) as worker,
    ):
        yield Shop(app, worker.pid, told)
        # With those that it has forked: to end them by itself takes it some seconds.
        os.killpg(worker.pid, signal.SIGKILL)
    app.close()


def test_a_task_and_what_follows_it_know_who_caused_them_in_the_forked_process(
    place: Shop,
) -> None:
    tasks = place.app.tasks
    with entered(Present(SAM)):
        chain(tasks["shop.note"].si("first"), tasks["shop.note"].si("second")).apply_async()
        tasks["shop.parent"].delay()
        tasks["shop.failing"].delay()
    names = ("first", "second", "parent", "child", "try 0", "try 1")
    place.until(*((name, "opr_1") for name in names))


def test_the_next_task_of_that_process_is_nobody_s(place: Shop) -> None:
    with entered(Present(SAM)):
        place.app.tasks["shop.note"].delay("in the session")
    place.app.tasks["shop.parent"].delay()
    place.until(("in the session", "opr_1"), ("parent", None), ("child", None))


def test_what_its_sender_does_not_know_to_be_forbidden_is_refused_there(place: Shop) -> None:
    sender = Celery("web", broker=place.app.conf.broker_url, set_as_current=False)
    carry_attribution(sender)
    with entered(Present(SAM)):
        sender.send_task("shop.close_account")
    place.app.tasks["shop.close_account"].delay()
    place.app.tasks["shop.note"].delay("last")
    place.until(("closed", None), ("last", None))
    sender.close()
