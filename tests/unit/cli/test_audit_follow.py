"""What keeps ``audit follow`` from starting; what it does then is proved with real processes."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.unit.audit.example_entries import SOURCE, STARTED, entry
from tests.unit.cli.conftest import Prepared
from understudy.cli.audit_follow import Stream
from understudy.cli.follow_state import FollowState
from understudy.core.ports import Entry
from understudy.storage.log.exports import LineKind, line_of


def _size(prepared: Prepared) -> int:
    return int(prepared.facts("audit", "list", "--limit", "1")[0]["index"]) + 1


def test_an_entry_that_is_not_there_yet_is_no_beginning(prepared: Prepared) -> None:
    size = _size(prepared)
    refused = prepared.refused("audit", "follow", "--after", str(size))
    assert refused == (
        f"Entry {size} is not in the log, which has {size}. Was an older copy restored? "
        "[invalid_input]"
    )


def test_a_state_ahead_of_the_log_or_of_another_is_refused(prepared: Prepared) -> None:
    state = prepared.folder / "log.state"
    for origin, said in (("another.log", "is about another log"), (None, "Was an older copy")):
        known = json.loads(json.dumps({"origin": origin or _origin(prepared), "after": 10_000}))
        state.write_text(json.dumps(known))
        assert said in prepared.refused("audit", "follow", "--state", str(state))
    assert _size(prepared) == _size(prepared)


def test_files_that_cannot_be_used_are_named(prepared: Prepared) -> None:
    nowhere = prepared.folder / "nowhere"
    for words in (
        ("--output", str(nowhere / "log"), "--state", str(prepared.folder / "state")),
        ("--state", str(nowhere / "state")),
    ):
        refused = prepared.refused("audit", "follow", *words)
        assert str(nowhere) in refused
        assert "cannot be used: No such file or directory" in refused


def test_nothing_is_told_to_the_log_when_it_does_not_start(prepared: Prepared) -> None:
    before = _size(prepared)
    prepared.refused("audit", "follow", "--after", "9999")
    assert _size(prepared) == before


def _origin(prepared: Prepared) -> str:
    report = prepared.facts("audit", "verify")
    return str(report["origin"])


class _Disk:
    """An output that notes what the state said at each write, and fails when it is told to."""

    def __init__(self, state: FollowState) -> None:
        self.state = state
        self.written: list[tuple[int | None, bytes]] = []
        self.failing: OSError | None = None

    def write(self, lines: bytes) -> None:
        if self.failing is not None:
            raise self.failing
        self.written.append((self.state.read(), lines))

    def close(self) -> None:
        """Nothing is open."""


def _batch(*indexes: int) -> Sequence[Entry]:
    return [entry(STARTED, index=index) for index in indexes]


def _lines(*indexes: int) -> bytes:
    return b"".join(line_of(one, LineKind.CEF, SOURCE) for one in _batch(*indexes))


def test_the_state_follows_what_was_written_and_stays_when_that_fails(tmp_path: Path) -> None:
    state = FollowState(tmp_path / "state", origin=SOURCE.origin)
    disk, stop = _Disk(state), threading.Event()
    engine: Any = SimpleNamespace(source=SOURCE)
    stream = Stream(engine, LineKind.CEF, disk, state, stop)
    stream.write(_batch(0, 1))
    stream.write(_batch(2))
    assert disk.written == [(None, _lines(0, 1)), (1, _lines(2))]
    assert (state.read(), stop.is_set()) == (2, False)
    disk.failing = OSError(28, "No space left on device")
    stream.write(_batch(3, 4))
    assert (state.read(), stop.is_set(), stream.failure) == (2, True, disk.failing)
    disk.failing = None
    stream.write(_batch(5))
    assert (state.read(), len(disk.written)) == (2, 2)


def test_without_a_state_nothing_is_remembered(tmp_path: Path) -> None:
    state = FollowState(tmp_path / "state", origin=SOURCE.origin)
    disk = _Disk(state)
    engine: Any = SimpleNamespace(source=SOURCE)
    Stream(engine, LineKind.CEF, disk, None, threading.Event()).write(_batch(0))
    assert disk.written == [(None, _lines(0))]
    assert state.read() is None
