"""A PostgreSQL server that goes away under load, and comes back."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.contract.storage.engines import SECONDS, engine_on, is_marked, marks, words_in_log
from tests.fixtures.postgresql import PostgresServer
from understudy.errors import Unavailable


@pytest.mark.parametrize("answered_before", [1, 100])
def test_no_flow_is_lost_or_done_twice_when_the_server_restarts(
    postgres_server: PostgresServer, tmp_path: Path, answered_before: int
) -> None:
    with (
        postgres_server.database() as url,
        engine_on(url, tmp_path / "data") as engine,
    ):
        futures: list[Future[int]] = [engine.submit(marks(str(n))) for n in range(1000)]
        futures[answered_before - 1].result(SECONDS)
        postgres_server.stop()
        failed = {n for n, future in enumerate(futures) if future.exception(SECONDS) is not None}
        assert all(isinstance(futures[n].exception(), Unavailable) for n in failed)
        postgres_server.start()

        answered = {str(n): futures[n].result(0) for n in range(1000) if n not in failed}
        words = words_in_log(engine)
        assert len(words) == len(set(words))
        assert {word: place for place, word in enumerate(words, start=1)} == answered
        assert not any(is_marked(engine, str(n)) for n in failed)
        assert engine.run(marks("afterwards")) == len(answered) + 1
        assert engine.verify().ok
