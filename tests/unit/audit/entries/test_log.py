from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.audit.memory_log import (
    ORIGIN,
    OTHER_SIGNER,
    SIGNER,
    TIME_MS,
    VERIFIER,
    MemoryLog,
    action,
    log_of,
    pending,
    salt,
)
from tests.unit.audit.tlog.test_merkle import reference_root
from understudy.audit.entries.leaf import Leaf, Part, canonical_json, commitment_to
from understudy.audit.entries.log import EntryRow, PendingEntry, append, derived_columns, read_head
from understudy.audit.tlog.checkpoint import (
    Checkpoint,
    empty_checkpoint,
    open_checkpoint,
    sign_checkpoint,
    unverified_checkpoint,
)
from understudy.audit.tlog.merkle import leaf_hash
from understudy.audit.tlog.note import Signer
from understudy.audit.tlog.tile import RightEdge, TileTree
from understudy.core.notices.events import Event, EventType
from understudy.errors import AuditError, LogForked, MalformedNote, SignatureInvalid


def refused(
    log: MemoryLog,
    *entries: PendingEntry,
    high_water: Checkpoint | None = None,
    signer: Signer = SIGNER,
) -> AuditError:
    """The error of an append that must not write anything."""
    writes = log.writes
    with pytest.raises(AuditError) as caught:
        append(
            log,
            signer=signer,
            verifier=VERIFIER,
            origin=ORIGIN,
            high_water=high_water,
            entries=entries,
            last=log.last,
        )
    assert log.writes == writes
    return caught.value


@pytest.mark.parametrize("steps", [[1], [1, 1, 1], [255, 1], [256], [257], [300, 212, 100], [600]])
def test_the_checkpoint_is_that_of_the_leaves_whatever_the_groups(steps: list[int]) -> None:
    log = MemoryLog()
    checkpoint = None
    for step in steps:
        checkpoint = log.grow(step)
    leaves = [row.leaf for row in log.entries]
    assert checkpoint == Checkpoint(origin=ORIGIN, size=sum(steps), root=reference_root(leaves))
    assert open_checkpoint(log.note or b"", verifier=VERIFIER, origin=ORIGIN) == checkpoint
    assert TileTree(reader=log, size=len(leaves)).root() == checkpoint.root
    assert [row.index for row in log.entries] == list(range(sum(steps)))


@pytest.mark.parametrize("group", [256, 257, 600])
def test_a_group_may_fill_a_tile_of_every_level_and_go_on(group: int) -> None:
    log, size = _log_before_its_second_level_is_full(), 255 * 256
    for count in (group, 1):
        append(
            log,
            signer=SIGNER,
            verifier=VERIFIER,
            origin=ORIGIN,
            high_water=None,
            entries=[pending(size + number, action(number)) for number in range(count)],
        )
        size += count
    checkpoint = unverified_checkpoint(log.note or b"")
    assert (checkpoint.size, checkpoint.root) == (size, TileTree(reader=log, size=size).root())
    edge = RightEdge.load(log, size)
    assert {tile.level for tile in edge.partial_tiles()} == ({0, 2} if group < 512 else {0, 1, 2})


def _log_before_its_second_level_is_full() -> MemoryLog:
    """65,280 entries, of which only the tiles are there: the next 256 fill a tile of level 1."""
    log, edge = MemoryLog(), RightEdge()
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(255 * 256)]
    for tile in (*edge.extend(leaves), *edge.partial_tiles()):
        log.put_tile(tile.level, tile.index, tile.hashes)
    checkpoint = Checkpoint(origin=ORIGIN, size=edge.size, root=edge.root())
    log.put_head(sign_checkpoint(checkpoint, SIGNER))
    return log


def test_a_row_holds_leaf_payloads_salts_and_columns() -> None:
    log = MemoryLog()
    event = action(0)
    log.add(event)
    core, core_salt = canonical_json(event.core_payload()), salt("core", 0)
    personal, personal_salt = canonical_json(event.personal_payload()), salt("personal", 0)
    leaf = Leaf(
        time_ms=TIME_MS,
        type="action.completed",
        core=commitment_to(core, core_salt, Part.CORE),
        personal=commitment_to(personal, personal_salt, Part.PERSONAL),
    )
    assert log.entries == [
        EntryRow(
            index=0,
            leaf=leaf.to_bytes(),
            time_ms=TIME_MS,
            type="action.completed",
            application_id="app_1",
            actor_ref="opr_1",
            subject_ref="sub_1",
            organization_ref="org_1",
            grant_id="grt_1",
            session_id="ses_1",
            outcome="ok",
            doer_ref="opr_2",
            core_json=core,
            core_salt=core_salt,
            personal_json=personal,
            personal_salt=personal_salt,
        )
    ]


def test_columns_are_plain_texts_that_any_driver_binds_alike() -> None:
    assert {type(value) for value in log_of(1).entries[0]} == {int, str, bytes}


def test_no_personal_datum_reaches_leaf_core_or_columns() -> None:
    row = log_of(1).entries[0]
    open_part = repr(row._replace(personal_json=None, personal_salt=None))
    for personal in (
        "ada@example.com",
        "Ada",
        "mara@",
        "u-7",
        "bob@",
        "acme",
        "192.0.2.1",
        "invoices/0",
    ):
        assert personal not in open_part
        assert personal in (row.personal_json or b"").decode()


def test_columns_of_an_erased_core_keep_only_what_the_leaf_says() -> None:
    leaf = Leaf(time_ms=1, type="session.started", core=bytes(32), personal=bytes(32))
    assert derived_columns(leaf, None) == (1, "session.started", *[None] * 8)


@pytest.mark.parametrize("event_type", list(EventType))
def test_every_event_type_fits_into_a_leaf(event_type: EventType) -> None:
    log = MemoryLog()
    log.add(Event(type=event_type))
    assert Leaf.from_bytes(log.entries[0].leaf).type == event_type


def test_only_touched_tiles_are_written() -> None:
    log = log_of(300)
    log.tiles = dict(log.tiles)
    before = log.writes
    log.grow(1)
    entries, tile, head = 1, 1, 1
    assert log.writes - before == entries + tile + head


def test_an_empty_log_has_an_empty_head() -> None:
    assert read_head(MemoryLog(), verifier=VERIFIER, origin=ORIGIN) == empty_checkpoint(ORIGIN)


def test_appending_nothing_signs_the_same_state() -> None:
    log = log_of(3)
    assert log.add() == unverified_checkpoint(log.note or b"")
    empty = MemoryLog()
    assert empty.add() == empty_checkpoint(ORIGIN)
    assert empty.verify().ok


@pytest.mark.parametrize("index", [1, 2, 4, 5])
def test_an_entry_that_is_not_next_is_refused(index: int) -> None:
    log = log_of(3)
    error = refused(log, pending(index, action(0)))
    assert error.detail == f"entry {index} cannot be appended: the next one is 3"


def test_all_entries_of_a_group_are_looked_at_before_any_is_written() -> None:
    log = log_of(3)
    long = replace(action(1), reason="x" * 65_536)
    for bad in (
        pending(3, action(1)),
        replace(pending(4, action(1)), core_salt=b"short"),
        replace(pending(4, action(1)), time_ms=-1),
        pending(4, long),
        pending(4, replace(action(1), details={"ratio": 0.5})),  # type: ignore[dict-item]
    ):
        assert refused(log, pending(3, action(0)), bad).code == "audit_invalid"


def test_a_head_of_another_key_is_refused() -> None:
    log = log_of(3)
    head = unverified_checkpoint(log.note or b"")
    log.note = sign_checkpoint(head, OTHER_SIGNER)
    assert isinstance(refused(log, pending(3, action(0))), SignatureInvalid)


def test_a_head_that_was_edited_is_refused() -> None:
    log = log_of(3)
    text, line = (log.note or b"").rsplit(b"\n\n", 1)
    log.note = text.replace(b"\n3\n", b"\n2\n") + b"\n\n" + line
    assert isinstance(refused(log, pending(3, action(0))), SignatureInvalid)


def test_a_head_of_another_log_is_refused() -> None:
    log = log_of(3)
    head = unverified_checkpoint(log.note or b"")
    log.note = sign_checkpoint(replace(head, origin="log.example/other"), SIGNER)
    assert isinstance(refused(log, pending(3, action(0))), LogForked)


def test_a_head_that_is_no_checkpoint_is_refused() -> None:
    log = log_of(3)
    log.note = b"scribble"
    assert isinstance(refused(log, pending(3, action(0))), MalformedNote)


@pytest.mark.parametrize("place", [(0, 1), (1, 0)])
def test_a_forged_tile_is_never_signed_over(place: tuple[int, int]) -> None:
    log = log_of(300)
    log.tiles[place] = bytes(32) + log.tiles[place][32:]
    error = refused(log, pending(300, action(0)))
    assert error.detail == "the stored tiles do not lead to the signed checkpoint"


@pytest.mark.parametrize("place", [(0, 1), (1, 0)])
def test_a_lost_tile_is_never_signed_over(place: tuple[int, int]) -> None:
    log = log_of(300)
    del log.tiles[place]
    assert "does not hold" in refused(log, pending(300, action(0))).detail


def test_hashes_beyond_the_head_are_never_signed_over() -> None:
    log = log_of(3)
    log.tiles[0, 0] += bytes(32)
    assert "does not hold 3 hashes" in refused(log, pending(3, action(0))).detail


def test_a_log_that_went_back_is_refused_by_the_high_water_mark() -> None:
    longer = log_of(5)
    mark = unverified_checkpoint(longer.note or b"")
    error = refused(log_of(3), pending(3, action(0)), high_water=mark)
    assert isinstance(error, LogForked)
    assert "has 3 entries, but 5" in error.detail


def test_a_lost_head_is_refused_by_the_high_water_mark() -> None:
    log = log_of(5)
    mark = unverified_checkpoint(log.note or b"")
    log.note = None
    assert isinstance(refused(log, pending(0, action(0)), high_water=mark), LogForked)


@pytest.mark.parametrize("size", [5, 8, 300])
def test_a_rewritten_and_signed_history_is_refused_by_the_high_water_mark(size: int) -> None:
    mark = Checkpoint(origin=ORIGIN, size=5, root=b"\x07" * 32)
    error = refused(log_of(size), pending(size, action(0)), high_water=mark)
    assert isinstance(error, LogForked)
    assert error.code == "log_forked"


@pytest.mark.parametrize("seen", [0, 1, 5, 256, 299, 300])
def test_a_log_that_others_continued_is_accepted(seen: int) -> None:
    mark = log_of(seen).add()
    log = log_of(300)
    assert log.add(action(0), high_water=mark).size == 301
    assert log.verify(mark).ok


def test_a_new_key_takes_over_from_the_old_one() -> None:
    log = log_of(3)
    rotated = append(
        log,
        signer=OTHER_SIGNER,
        verifier=VERIFIER,
        origin=ORIGIN,
        high_water=None,
        entries=[pending(3, Event(type=EventType.KEYS_ROTATED))],
    )
    assert read_head(log, verifier=OTHER_SIGNER.verifier, origin=ORIGIN) == rotated
    assert isinstance(refused(log, pending(4, action(0))), SignatureInvalid)
