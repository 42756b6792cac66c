"""An installation that one process opens twice, as an embedding app may: nothing is lost by it.

POSIX takes every lock on a file from a process that closes that file once. A library that opens
SQLite's file itself thereby lets the next process to leave delete a write-ahead log in use.
"""

from __future__ import annotations

from pathlib import Path

from tests.contract.storage.engines import engine_on, is_marked, marks
from tests.integration.proof.place import settle
from tests.integration.proof.process import verified


def test_what_the_first_engine_commits_survives_a_second_one_and_another_process(
    database_url: str, tmp_path: Path
) -> None:
    place = settle(database_url, tmp_path)
    with place.engine() as first:
        first.run(marks("before"))
        with engine_on(database_url, place.data_dir) as second:
            assert is_marked(second, "before")
        assert verified(place)["ok"]
        first.run(marks("after"))
        report = verified(place)
        assert report["findings"] == []
        assert report["entries"] == first.verify().entries
    with place.engine() as again:
        assert is_marked(again, "after")
