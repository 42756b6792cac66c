from __future__ import annotations

import errno
import fcntl
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from understudy.errors import StorageBusy
from understudy.storage.database.sqlite_turn import SqliteTurn

SECONDS = 10.0
"""No wait in here comes near it."""


@pytest.fixture
def turn_of(tmp_path: Path) -> Callable[[float], SqliteTurn]:
    """The turn of another process: each opens the files for itself."""
    return lambda patience: SqliteTurn(tmp_path / "understudy.db", patience=patience)


def take(turn: SqliteTurn) -> None:
    with turn.taken():
        pass


def test_turn_is_waited_for(turn_of: Callable[[float], SqliteTurn]) -> None:
    with ThreadPoolExecutor(1) as threads:
        with turn_of(SECONDS).taken():
            waiting = threads.submit(take, turn_of(SECONDS))
            assert not waiting.done()
        waiting.result(SECONDS)


def test_turn_that_does_not_come_in_time_is_busy_and_hinders_nobody_later(
    turn_of: Callable[[float], SqliteTurn],
) -> None:
    with turn_of(SECONDS).taken():
        with pytest.raises(StorageBusy) as caught:
            take(turn_of(0.01))
        assert caught.value.code == "storage_busy"
    take(turn_of(SECONDS))


def test_files_are_for_their_owner_alone_and_stay(
    tmp_path: Path, turn_of: Callable[[float], SqliteTurn]
) -> None:
    take(turn_of(SECONDS))
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert names == {"understudy.db-gate": 0o600, "understudy.db-writer": 0o600}


def test_where_such_locks_are_not_known_writers_go_on_without_and_are_told_once(
    turn_of: Callable[[float], SqliteTurn],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuses(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuses)
    turn = turn_of(SECONDS)
    take(turn)
    take(turn)
    assert [record.getMessage() for record in caplog.records] == [
        "several processes would write in no order: [Errno 37] No locks available"
    ]
