"""The append protocol: nothing is signed on top of anything that was not signed before.

``append`` runs inside the transaction that also holds the state change; whoever calls it holds
the lock that lets one writer in at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from understudy.audit.entries.high_water import require_not_below
from understudy.audit.entries.leaf import Json, Leaf, Part, canonical_json, commitment_to
from understudy.audit.tlog.checkpoint import (
    Checkpoint,
    LastCheckpoint,
    empty_checkpoint,
)
from understudy.audit.tlog.merkle import leaf_hash
from understudy.audit.tlog.note import Signer, Verifier
from understudy.audit.tlog.proof import ConsistencyProof
from understudy.audit.tlog.tile import RightEdge, TileReader, TileTree
from understudy.core.notices.events import Event
from understudy.errors import AuditError, LogForked, ProofInvalid


class EntryRow(NamedTuple):
    """An entry as it is stored: a tuple, so that a store can bind it to a statement as it is.

    ``time_ms`` and ``type`` repeat the leaf; the columns up to ``doer_ref`` repeat the core
    payload and are None once it is erased. A payload and its salt come and go together.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody wants of a row
    leaf: bytes
    time_ms: int
    type: str
    application_id: str | None
    actor_ref: str | None
    subject_ref: str | None
    organization_ref: str | None
    grant_id: str | None
    session_id: str | None
    outcome: str | None
    doer_ref: str | None
    core_json: bytes | None
    core_salt: bytes | None
    personal_json: bytes | None
    personal_salt: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingEntry:
    """An event about to be appended; each salt is 32 fresh random bytes."""

    index: int
    time_ms: int
    event: Event
    core_salt: bytes
    personal_salt: bytes


class HeadReader(Protocol):
    """Where the last signed checkpoint comes from."""

    def head(self) -> bytes | None:
        """The note, or None while the log has none."""
        ...


class LogStorage(HeadReader, TileReader, Protocol):
    """What a database does for the log, inside one transaction."""

    def put_head(self, note: bytes) -> None:
        """Replace the signed checkpoint."""
        ...

    def put_tile(self, level: int, index: int, hashes: bytes) -> None:
        """Insert a tile, or replace it by a wider one."""
        ...

    def put_entries(self, rows: Sequence[EntryRow]) -> None:
        """Insert entries; fail if one of the indexes is taken."""
        ...


def read_head(
    storage: HeadReader, *, verifier: Verifier, origin: str, last: LastCheckpoint | None = None
) -> Checkpoint:
    """The verified state of the log; that of an empty log when nothing was signed yet.

    A checkpoint that ``last`` remembers is not verified again.

    :raises AuditError: when the stored checkpoint does not verify.
    """
    note = storage.head()
    if note is None:
        return empty_checkpoint(origin)
    return (last or LastCheckpoint()).open(note, verifier=verifier, origin=origin)


def append(
    storage: LogStorage,
    *,
    signer: Signer,
    verifier: Verifier,
    origin: str,
    high_water: Checkpoint | None,
    entries: Sequence[PendingEntry],
    last: LastCheckpoint | None = None,
    successor: Signer | None = None,
) -> Checkpoint:
    """The new signed state of the log, with these entries at its end.

    ``verifier`` opens the stored checkpoint and ``signer`` signs the next one; they are of one
    key except while the log's key is being replaced. ``successor`` is the key that will sign after
    ``signer``, once it is announced. ``last`` is kept by who appends to one log
    again and again. Nothing is written when this raises.

    :raises AuditError: when stored checkpoint or tiles do not verify, or an index is not next.
    :raises LogForked: when the log is not a continuation of ``high_water``.
    """
    last = last or LastCheckpoint()
    # Everything is verified before anything is added: a signature says that we stand by the whole
    # log, and one on top of a changed tree would make the change ours.
    head = read_head(storage, verifier=verifier, origin=origin, last=last)
    edge = RightEdge.load(storage, head.size)
    # The right edge alone leads to the root, so this is log n hashes and not a walk through the
    # log.
    if edge.root() != head.root:
        raise AuditError("the stored tiles do not lead to the signed checkpoint")
    # What is stored may be sound and yet an old copy: only the mark of this node tells.
    if high_water is not None:
        _require_continuation(storage, head, high_water)
    rows = [_row(entry, index) for index, entry in enumerate(entries, start=head.size)]
    filled = edge.extend([leaf_hash(row.leaf) for row in rows])
    checkpoint = Checkpoint(origin=origin, size=edge.size, root=edge.root())
    note = last.sign(checkpoint, signer, successor=successor)

    # Not that of the last one: a higher tile may fill up in the middle of a group.
    highest_changed = max((tile.level + 1 for tile in filled), default=0)
    for tile in (*filled, *edge.partial_tiles(highest_changed)):
        storage.put_tile(tile.level, tile.index, tile.hashes)
    storage.put_head(note)
    # Last, as a store may send what comes before together with it.
    storage.put_entries(rows)
    return checkpoint


DERIVED_COLUMNS = (
    "time_ms",
    "type",
    "application_id",
    "actor_ref",
    "subject_ref",
    "organization_ref",
    "grant_id",
    "session_id",
    "outcome",
    "doer_ref",
)
"""The columns of a row that repeat its leaf and its core payload, in the row's order."""

_OF_CORE = DERIVED_COLUMNS[2:]


def derived_columns(leaf: Leaf, core: Mapping[str, Json] | None) -> tuple[Json, ...]:
    """What `DERIVED_COLUMNS` hold. Writing and verifying both ask here.

    ``core`` is the core payload, None once erased: then only what the leaf says remains.
    """
    known = {} if core is None else core
    return (leaf.time_ms, leaf.type, *map(known.get, _OF_CORE))


def stored_row(
    index: int,
    leaf: Leaf,
    facts: Mapping[str, Json] | None,
    *payloads_and_salts: bytes | None,
) -> EntryRow:
    """The row of an entry; ``facts`` is the core payload as a value.

    The rest is core payload and salt, personal payload and salt.
    """
    derived = derived_columns(leaf, facts)
    return EntryRow._make((index, leaf.to_bytes(), *derived, *payloads_and_salts))


def _row(entry: PendingEntry, index: int) -> EntryRow:
    if entry.index != index:
        raise AuditError(f"entry {entry.index} cannot be appended: the next one is {index}")
    # Plain texts: some database drivers bind an enumeration by its name.
    facts = entry.event.core_payload() | {"outcome": entry.event.outcome.value}
    core = canonical_json(facts)
    personal = canonical_json(entry.event.personal_payload())
    leaf = Leaf(
        time_ms=entry.time_ms,
        type=entry.event.type.value,
        core=commitment_to(core, entry.core_salt, Part.CORE),
        personal=commitment_to(personal, entry.personal_salt, Part.PERSONAL),
    )
    return stored_row(index, leaf, facts, core, entry.core_salt, personal, entry.personal_salt)


def _require_continuation(storage: TileReader, head: Checkpoint, high_water: Checkpoint) -> None:
    require_not_below(head, high_water)
    tree = TileTree(reader=storage, size=head.size)
    proof = ConsistencyProof(
        old_size=high_water.size, hashes=tree.consistency_proof(high_water.size)
    )
    try:
        proof.verify(high_water, head)
    except ProofInvalid:
        raise LogForked(
            f"the log has another history than was signed at {high_water.size} entries"
        ) from None
