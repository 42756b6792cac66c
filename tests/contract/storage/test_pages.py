"""An export read page by page: what others do meanwhile neither spoils nor stops it unseen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from tests.contract.storage.engines import ACTION, engine_on
from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.erasure import ErasedPart
from understudy.audit.exports.ndjson import ExportReader, verify_export
from understudy.core.ids import SubjectRef
from understudy.core.notices.events import SYSTEM, Event, EventType, Party, PartyKind
from understudy.core.ports import EntryFilter, Unit
from understudy.errors import ErasedMeanwhile
from understudy.flows.origin import Origin
from understudy.flows.retention.erase import record_erasure
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.exports import ExportKind
from understudy.storage.log.pages import PAGE_ROWS

PAGES = 3
FIRST, LAST = SubjectRef("sub_first"), SubjectRef("sub_last")
APPLICATION = ACTION.application_id or ""


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[StoreEngine]:
    with engine_on(database_url, tmp_path / "data") as engine:
        engine.run(fill)
        yield engine


def about(ref: SubjectRef) -> Event:
    return replace(ACTION, subject=Party(kind=PartyKind.SUBJECT, ref=ref, id=ref))


def fill(unit: Unit) -> None:
    """Pages of entries, of which the first and the last one are about somebody else."""
    unit.record(about(FIRST))
    for _ in range(PAGES * PAGE_ROWS):
        unit.record(ACTION)
    unit.record(about(LAST))


def erase(engine: StoreEngine, ref: SubjectRef) -> None:
    def flow(unit: Unit) -> None:
        gone = unit.erasures.personal_of_subject(APPLICATION, ref, from_index=0, limit=10)
        record_erasure(
            unit,
            APPLICATION,
            ErasedPart.PERSONAL,
            gone,
            by=SYSTEM,
            origin=Origin(),
            details={"subject_ref": ref},
        )

    engine.run(flow)


def begun(engine: StoreEngine) -> tuple[list[bytes], Iterator[bytes]]:
    """The header and the first entries of an export, and the rest of it."""
    lines = iter(engine.export(ExportKind.NDJSON, EntryFilter()))
    return [*islice(lines, 3)], lines


def verifies(engine: StoreEngine, lines: list[bytes]) -> bool:
    reader = ExportReader(io.BytesIO(b"".join(lines)))
    return verify_export(reader, verifier=engine.verifiers()[0], older=()).ok


def test_what_is_appended_meanwhile_is_left_out(engine: StoreEngine) -> None:
    first, rest = begun(engine)
    with engine.reading() as reader:
        size = reader.entries.size()
    engine.run(lambda unit: unit.record(ACTION))
    lines = [*first, *rest]
    assert len(lines) == 1 + size
    assert verifies(engine, lines)


def test_what_was_read_before_it_was_erased_stays_in_a_sound_export(engine: StoreEngine) -> None:
    first, rest = begun(engine)
    erase(engine, FIRST)
    assert verifies(engine, [*first, *rest])


def test_what_is_erased_before_its_turn_ends_the_export_with_a_reason(engine: StoreEngine) -> None:
    _, rest = begun(engine)
    erase(engine, LAST)
    with refusal_of(ErasedMeanwhile, "erased_meanwhile"):
        list(rest)
    first, rest = begun(engine)
    assert verifies(engine, [*first, *rest])


def test_a_filter_finds_the_same_on_every_page(engine: StoreEngine) -> None:
    where = EntryFilter(types=frozenset({EventType.ACTION_COMPLETED}))
    found = [entry.index for entry in engine.stream_entries(where)]
    assert len(found) == PAGES * PAGE_ROWS + 2
    assert found == sorted(set(found))
    told = b"".join(engine.export(ExportKind.ECS, where))
    assert told.count(b"\n") == len(found)
