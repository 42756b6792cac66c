from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.storage.engines import (
    ACTION,
    NOON,
    SECONDS,
    Clock,
    engine_on,
    is_marked,
    marks,
    one_group,
    words_in_log,
)
from tests.fixtures.refusals import refusal_of
from understudy.audit.tlog.checkpoint import open_checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.core.ids import SubjectRef
from understudy.core.notices.events import Event, EventType
from understudy.core.ports import EntryFilter
from understudy.errors import (
    Conflict,
    KeyMismatch,
    LogUnwritable,
    ProofInvalid,
)
from understudy.storage.engine.engine import StoreEngine


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(database_url: str, directory: Path, clock: Clock) -> Iterator[StoreEngine]:
    with engine_on(database_url, directory, clock=clock) as engine:
        yield engine


def test_first_entry_tells_of_the_installation_and_the_key_of_its_log(engine: StoreEngine) -> None:
    (verifier,) = engine.verifiers()
    with engine.reading() as reader:
        entry = reader.entries.get(0)
        installation_id = reader.meta.get("installation_id")
    assert entry is not None
    assert entry.type == EventType.INSTALLATION_CREATED
    assert entry.core is not None
    assert entry.core["details"] == {"origin": engine.origin, "vkey": verifier.to_text()}
    assert engine.origin == f"understudy.local/{installation_id}"
    assert entry.time == NOON


def test_installation_is_found_again(
    engine: StoreEngine, database_url: str, directory: Path
) -> None:
    engine.run(marks("a"))
    with engine_on(database_url, directory) as again:
        assert again.origin == engine.origin
        assert again.verifiers() == engine.verifiers()
        assert again.run(marks("b")) == 2
        assert words_in_log(again) == ["a", "b"]
        assert again.verify().ok


def test_another_key_is_refused(engine: StoreEngine, database_url: str, tmp_path: Path) -> None:
    with pytest.raises(KeyMismatch) as caught, engine_on(database_url, tmp_path / "other"):
        pass
    assert caught.value.code == "key_mismatch"


def test_change_and_entry_become_durable_together(engine: StoreEngine) -> None:
    assert engine.run(marks("a", events=2)) == 2
    assert is_marked(engine, "a")
    assert words_in_log(engine) == ["a", "a"]
    assert engine.verify().entries == 3


def test_flow_that_raises_leaves_neither_change_nor_entry(engine: StoreEngine) -> None:
    with one_group(engine):
        first = engine.submit(marks("a"))
        failing = engine.submit(marks("b", then=Conflict()))
        last = engine.submit(marks("c"))
    assert (first.result(SECONDS), last.result(SECONDS)) == (1, 2)
    assert isinstance(failing.exception(SECONDS), Conflict)
    assert [is_marked(engine, word) for word in "abc"] == [True, False, True]
    assert words_in_log(engine) == ["a", "c"]
    assert engine.verify().ok


def test_group_has_one_checkpoint(engine: StoreEngine) -> None:
    before = engine.writer.groups
    with one_group(engine):
        futures = [engine.submit(marks(str(number))) for number in range(100)]
    assert [future.result(SECONDS) for future in futures] == list(range(1, 101))
    assert engine.writer.groups - before == 2
    assert engine.writer.entries == 100


def test_flow_sees_what_the_flow_before_it_wrote(engine: StoreEngine) -> None:
    with one_group(engine):
        engine.submit(marks("a"))
        seen = engine.submit(lambda unit: unit.meta.get("mark a"))
    assert seen.result(SECONDS) == "a"


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    script=st.lists(
        st.tuples(st.integers(min_value=0, max_value=3), st.booleans()), min_size=1, max_size=40
    )
)
def test_any_mix_of_flows_leaves_a_gapless_log_that_verifies(
    engine: StoreEngine, script: list[tuple[int, bool]]
) -> None:
    size = engine.verify().entries
    with one_group(engine):
        futures = [
            engine.submit(marks("word", events=events, then=Conflict() if fails else None))
            for events, fails in script
        ]
    answers = [None if future.exception(SECONDS) else future.result(SECONDS) for future in futures]
    expected: list[int | None] = []
    for events, fails in script:
        size += 0 if fails else events
        expected.append(None if fails else (size - 1 if events else -1))
    assert answers == expected
    report = engine.verify()
    assert (report.ok, report.entries) == (True, size)


def test_event_that_has_no_canonical_form_fails_its_own_flow_only(engine: StoreEngine) -> None:
    odd = Event(type=EventType.SUBJECT_SAVED, reason="a lone surrogate: \ud800")
    with one_group(engine):
        first = engine.submit(marks("a"))
        failing = engine.submit(lambda unit: unit.record(odd))
        last = engine.submit(marks("c"))
    assert isinstance(failing.exception(SECONDS), LogUnwritable)
    assert (first.result(SECONDS), last.result(SECONDS)) == (1, 2)
    assert engine.verify().ok


def test_checkpoint_verifies_under_the_published_key(engine: StoreEngine) -> None:
    engine.run(marks("a"))
    (verifier,) = engine.verifiers()
    published = Verifier.from_text(verifier.to_text())
    checkpoint = open_checkpoint(engine.checkpoint(), verifier=published, origin=engine.origin)
    assert checkpoint.size == 2


@pytest.mark.parametrize("index", [0, 300])
def test_receipt_proves_its_entry_and_no_other(engine: StoreEngine, index: int) -> None:
    with one_group(engine):
        futures = [engine.submit(marks(str(number))) for number in range(300)]
    futures[-1].result(SECONDS)
    (verifier,) = engine.verifiers()
    with engine.reading() as reader:
        entries = reader.entries.after(-1)
    receipt = engine.receipt(index)
    receipt.verify(entries[index].leaf, verifier=verifier, origin=engine.origin)
    other = entries[(index + 1) % 301].leaf
    with refusal_of(ProofInvalid, "proof_invalid"):
        receipt.verify(other, verifier=verifier, origin=engine.origin)


def test_tiles_and_entries_are_served_from_one_snapshot(engine: StoreEngine) -> None:
    engine.run(marks("a"))
    with engine.reading_log() as log:
        assert log.size() == 2
        assert len(log.tile(0, 0)) == 2 * 32
        assert log.tile(1, 0) == b""
        leaves = log.leaves(0, 2)
        assert [row.leaf for row in log.rows()] == leaves
        assert [row.index for row in log.rows(1)] == [1]
        assert [row.index for row in log.rows(0, 1)] == [0]


def test_entries_stream_in_order_as_filtered(engine: StoreEngine) -> None:
    engine.run(marks("a", events=3))
    where = EntryFilter(types=frozenset({EventType.ACTION_COMPLETED}))
    assert [entry.index for entry in engine.stream_entries(where)] == [1, 2, 3]
    assert [entry.index for entry in engine.stream_entries(EntryFilter())] == [0, 1, 2, 3]


def test_writing_to_a_snapshot_fails_and_mypy_says_so_before(engine: StoreEngine) -> None:
    # Were the look-ups' half to have the verb, mypy would report this comment as unused.
    with engine.reading() as reader, pytest.raises(AttributeError):
        reader.meta.put("name", "value")  # type: ignore[attr-defined]


def test_snapshot_does_not_move(engine: StoreEngine) -> None:
    with engine.reading() as reader:
        assert reader.entries.size() == 1
        engine.run(marks("a"))
        assert reader.entries.size() == 1
    assert words_in_log(engine) == ["a"]


def test_unit_forgets_who_was_named(engine: StoreEngine) -> None:
    engine.run(marks("a"))
    assert ACTION.subject is not None
    application_id, ref = ACTION.application_id or "", ACTION.subject.ref or ""
    erased = engine.run(
        lambda unit: unit.erasures.personal_of_subject(
            application_id, SubjectRef(ref), from_index=0, limit=10
        )
    )
    assert list(erased) == [1]
    with engine.reading() as reader:
        entry = reader.entries.get(1)
    assert entry is not None
    assert entry.personal is None
    assert entry.core is not None
