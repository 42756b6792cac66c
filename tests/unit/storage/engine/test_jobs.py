from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from understudy.errors import Unavailable
from understudy.storage.engine.jobs import Outcome, Promised, refuse, still_wanted


def _job() -> Promised:
    future: Future[Any] = Future()
    return Promised(flow=lambda _: None, future=future)


def test_whoever_gave_up_while_waiting_is_not_served() -> None:
    waiting, gone = _job(), _job()
    gone.future.cancel()
    assert still_wanted([waiting, gone]) == [waiting]
    # From here on nobody can.
    assert not waiting.future.cancel()


def test_the_first_outcome_counts() -> None:
    job = _job()
    job.resolve(Outcome(value=1))
    job.resolve(Outcome(error=Unavailable()))
    assert job.future.result(0) == 1


def test_all_hear_why_they_are_refused() -> None:
    jobs = [_job(), _job()]
    refuse(jobs, Unavailable(internal="closed"))
    for job in jobs:
        with pytest.raises(Unavailable) as refused:
            job.future.result(0)
        assert refused.value.code == "unavailable"
