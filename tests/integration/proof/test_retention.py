"""Retention on a log of a million entries: the contents are gone, and everything still verifies."""

from __future__ import annotations

import mmap
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from tests.fixtures.engine import Installation, installation
from tests.integration.proof.big_log import CANARY, Steps, write_many
from tests.integration.proof.place import Place
from understudy.audit.entries.erasure import Erasure
from understudy.audit.entries.findings import FindingCode
from understudy.audit.tlog.checkpoint import open_checkpoint
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.notices.event_sets import LASTING
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import Entry, EntryFilter, Reader
from understudy.flows.applications import administer
from understudy.flows.clock import confirm
from understudy.flows.origin import Origin
from understudy.flows.retention import retain
from understudy.storage.clock import utc_now
from understudy.storage.data_directory import KEY_FILE, DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine
from understudy.storage.tables.entries import EntryTable

MILLION = 1_000_000
SMALL = 10_000
YOUNG = 300
"""Entries written after the old ones, which fill the pages of the list."""
STEP = 25_000
"""Fifty times what the service erases at once, for so many fewer commits."""
FACTOR = 1.5

ACTIONS = frozenset({EventType.ACTION_COMPLETED})


class Log:
    """An installation with one application and so many old entries, then some young ones."""

    def __init__(self, found: Installation, folder: Path, old: int) -> None:
        self.installation = found
        self.engine = found.engine
        self.folder = folder
        made = found.engine.run(
            lambda unit: administer.create(
                unit,
                name="Billing",
                vertical=Vertical.B2B,
                settings=ApplicationSettings(),
                by=SYSTEM,
                origin=Origin(),
            )
        )
        self.application_id = made.application.id
        self.write(old)
        self.old_size = self.size()

    def write(self, count: int) -> None:
        """Append entries at this moment."""
        found = self.installation
        write_many(found.database, self.engine, self.application_id, count, at=found.clock())

    def size(self) -> int:
        with self.engine.reading() as reader:
            return reader.entries.size()

    def retain(self) -> int:
        """Erase all that is due; answers how many entries that were."""
        total, more = 0, True
        while more:
            done = self.engine.run(
                lambda unit: retain.retain(unit, self.application_id, batch=STEP)
            )
            total, more = total + done.entries, done.more
        return total

    def files_hold(self, text: str) -> bool:
        """Whether the database file or its write-ahead log has it anywhere."""
        return any(_holds(path, text.encode()) for path in self.folder.glob("understudy.db*"))

    def pages(self) -> dict[str, EntryFilter]:
        """The lists that people look at."""
        return {
            "all": EntryFilter(),
            "of the application": EntryFilter(application_id=self.application_id),
            "by type": EntryFilter(types=ACTIONS),
            "by type in the application": EntryFilter(
                application_id=self.application_id, types=ACTIONS
            ),
        }


def _holds(path: Path, needle: bytes) -> bool:
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(needle) >= 0


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Log, Log]]:
    """The log of a million entries, and a small one to compare it with."""
    big, small = (tmp_path_factory.mktemp(name) for name in ("big", "small"))
    with installation(big) as one, installation(small) as other:
        yield Log(one, big, MILLION), Log(other, small, SMALL)


def _steps(log: Log) -> dict[str, int]:
    """What SQLite does for the first page of each list."""
    found = {}
    with closing(sqlite3.connect(log.folder / "understudy.db")) as raw:
        for name, where in log.pages().items():
            counting = Steps(raw)
            assert EntryTable(counting).search(where)  # type: ignore[arg-type]
            found[name] = counting.count
    return found


def _seconds(reader: Reader, where: EntryFilter) -> float:
    started = perf_counter()
    assert reader.entries.search(where)
    return perf_counter() - started


def _ratio(one: Log, other: Log, name: str) -> float:
    """How much longer a page takes in one than in the other, asked in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    with one.engine.reading() as reader, other.engine.reading() as other_reader:
        for _ in range(101):
            times[0].append(_seconds(reader, one.pages()[name]))
            times[1].append(_seconds(other_reader, other.pages()[name]))
    return median(times[0]) / median(times[1])


def test_a_million_entries_are_forgotten_and_all_proofs_go_on_verifying(
    logs: tuple[Log, Log],
) -> None:
    log, small = logs
    engine = log.engine
    note, verifier = engine.checkpoint(), engine.verifiers()[-1]
    before = open_checkpoint(note, verifier=verifier, origin=engine.origin)
    indexes = (2, MILLION // 2, log.old_size - 1)
    with engine.reading() as reader:
        leaves = {index: reader.entries.get(index) for index in indexes}
    receipts = {index: engine.receipt(index) for index in indexes}
    assert log.files_hold(CANARY)
    steps_before = _steps(log)

    # Contents: not in the rows, not in the files. Two are left: the installation and its key.
    log.installation.clock.forward(days=31)
    assert log.retain() == MILLION
    assert not log.files_hold(CANARY)
    for one in (log, small):
        one.write(YOUNG)
    small.installation.clock.now = log.installation.clock.now

    # Lists: the same work for a page as before, and the same time as in a small log.
    for name, steps in _steps(log).items():
        assert steps <= FACTOR * steps_before[name], (name, steps, steps_before[name])
        ratios: list[float] = []
        while len(ratios) < 3 and not any(ratio <= FACTOR for ratio in ratios):
            ratios.append(_ratio(log, small, name))
        assert min(ratios) <= FACTOR, (name, ratios)

    # Proofs: old receipts and the old root, and what was erased is what entries say.
    for index, receipt in receipts.items():
        entry = leaves[index]
        assert entry is not None
        assert receipt.verify(entry.leaf, verifier=verifier, origin=engine.origin) == before
    told = engine.stream_entries(EntryFilter(types=frozenset({EventType.AUDIT_ERASED})))
    assert sum(last - first + 1 for first, last in _ranges(told)) == MILLION

    # One more row that somebody emptied is the one and only finding in all of it.
    stolen = log.size() - 1
    with log.installation.database.writing() as transaction:
        transaction.run_many("entries_erase_both", [(stolen,)])
    report = engine.verify(older=[before])
    assert [(finding.code, finding.index) for finding in report.findings] == [
        (FindingCode.PAYLOAD_MISSING, stolen),
        (FindingCode.PAYLOAD_MISSING, stolen),
    ]
    assert report.entries == log.size()
    assert report.erased_core == report.erased_personal == MILLION


def test_the_next_retention_has_nothing_to_look_at(logs: tuple[Log, Log]) -> None:
    log, _ = logs
    log.installation.clock.forward(days=1)
    with log.engine.reading() as reader:
        assert list(retain.due(reader, log.installation.clock())) == []
        assert (
            reader.entries.count_due(
                log.application_id,
                log.installation.clock() - timedelta(days=30),
                from_index=0,
            )
            == 0
        )


def test_two_nodes_at_once_erase_each_entry_once(place: Place, tmp_path: Path) -> None:
    # The second node has a data directory of its own, with the same key in it.
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    shutil.copy2(place.data_dir / KEY_FILE, other)
    directories = (DataDirectory(place.data_dir), DataDirectory(other))

    def later() -> datetime:
        return utc_now() + timedelta(days=4000)

    def run(directory: DataDirectory) -> int:
        database = open_database(place.database_url)
        with closing(open_engine(database, directory, clock=later)) as engine:
            engine.run(partial(confirm, by=SYSTEM))
            total, more = 0, True
            while more:
                done = engine.run(lambda unit: retain.retain(unit, place.application_id, batch=1))
                total, more = total + done.entries, done.more
        return total

    with place.engine() as engine:
        where = EntryFilter(application_id=place.application_id)
        expected = [
            entry.index
            for entry in engine.stream_entries(where)
            if entry.type not in LASTING or entry.personal
        ]
    with ThreadPoolExecutor(2) as nodes:
        erased = list(nodes.map(run, directories))
    assert sum(erased) == len(expected)
    with place.engine() as engine:
        told = engine.stream_entries(EntryFilter(types=frozenset({EventType.AUDIT_ERASED})))
        erased_indexes = [i for one, last in _ranges(told) for i in range(one, last + 1)]
        assert sorted(erased_indexes) == expected
        assert engine.verify().ok


def _ranges(told: Iterable[Entry]) -> list[tuple[int, int]]:
    return [
        one
        for entry in told
        for one in Erasure.from_details((entry.core or {}).get("details")).ranges
    ]
