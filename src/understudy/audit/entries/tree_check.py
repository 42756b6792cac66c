"""The tree half of verification: leaf hashes against tiles, signed root and older checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from understudy.audit.entries.findings import FindingCode, Findings
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.audit.tlog.merkle import EMPTY_ROOT, HASH_SIZE
from understudy.audit.tlog.tile import TILE_HEIGHT, TILE_WIDTH, RightEdge, Tile, TileReader


@dataclass(kw_only=True)
class TreeCheck:
    """A tree rebuilt from leaf hashes, which come in order.

    ``head`` is None when no checkpoint verified, ``tiles`` None when none are at hand. After a
    gap that no tile can fill the tree is unknown, and only the entries themselves are verified.
    """

    head: Checkpoint | None
    tiles: TileReader | None
    older: Sequence[Checkpoint]
    findings: Findings
    size: int = 0
    _edge: RightEdge | None = field(default_factory=RightEdge)
    _unhashed: list[bytes] = field(default_factory=list)
    _older_at: dict[int, set[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for checkpoint in self.older:
            self._older_at.setdefault(checkpoint.size, set()).add(checkpoint.root)
        self._check_older(0, EMPTY_ROOT)

    def push(self, leaf_hash: bytes) -> None:
        """Take the hash of the next entry."""
        self._unhashed.append(leaf_hash)
        self.size += 1
        if not self.size % TILE_WIDTH or self.size in self._older_at:
            self._hash()

    def skip_to(self, index: int) -> None:
        """Fill a gap before entry ``index`` with the hashes that tiles still hold."""
        missing = index - self.size
        if missing <= 0:
            return
        last = f" to {index - 1}" if missing > 1 else ""
        self.findings.add(
            FindingCode.ENTRY_MISSING, self.size, f"{self.size}{last} not in the log any more"
        )
        while self.size < index:
            hashes = self._stored_hashes(index)
            if not hashes:
                self._edge = None
                self.size = index
            for leaf_hash in hashes:
                self.push(leaf_hash)

    def finish(self) -> None:
        """Compare what was rebuilt with what was stored and signed."""
        if self.head is not None:
            self.skip_to(self.head.size)
        self._hash()
        for size in sorted(self._older_at):
            if size > self.size:
                self.findings.add(
                    FindingCode.LOG_TRUNCATED,
                    None,
                    f"{size} entries were signed before, {self.size} are left",
                )
        if self._edge is None:
            self.findings.add(
                FindingCode.ROOT_UNKNOWN, None, "entries are missing, so the root is unknown"
            )
            return
        for tile in self._edge.partial_tiles():
            self._compare(tile)
        if self.head is not None and self._edge.root() != self.head.root:
            self.findings.add(
                FindingCode.ROOT_MISMATCH, None, "the entries do not lead to the signed root"
            )

    def _hash(self) -> None:
        if self._edge is not None:
            for tile in self._edge.extend(self._unhashed):
                self._compare(tile)
            if self.size in self._older_at:
                self._check_older(self.size, self._edge.root())
        self._unhashed.clear()

    def _check_older(self, size: int, root: bytes) -> None:
        if self._older_at.get(size, {root}) != {root}:
            self.findings.add(
                FindingCode.HISTORY_REWRITTEN,
                None,
                f"the first {size} entries are not those that were signed before",
            )

    def _stored_hashes(self, end: int) -> list[bytes]:
        """The leaf hashes from here up to ``end`` that the next tile holds."""
        tile_index, start = divmod(self.size, TILE_WIDTH)
        stored = self.tiles.tile(0, tile_index) if self.tiles is not None else b""
        stop = min(start + end - self.size, len(stored) // HASH_SIZE)
        return [stored[at * HASH_SIZE : (at + 1) * HASH_SIZE] for at in range(start, stop)]

    def _compare(self, tile: Tile) -> None:
        if self.tiles is None:
            return
        stored = self.tiles.tile(tile.level, tile.index)
        if stored == tile.hashes:
            return
        first = (tile.index * TILE_WIDTH) << (TILE_HEIGHT * tile.level)
        if tile.level or len(stored) != len(tile.hashes):
            self.findings.add(
                FindingCode.TILE_MISMATCH,
                first,
                f"tile {tile.level}/{tile.index} is not that of the entries from {first} on",
            )
            return
        for at in range(0, len(stored), HASH_SIZE):
            if stored[at : at + HASH_SIZE] != tile.hashes[at : at + HASH_SIZE]:
                self.findings.add(
                    FindingCode.LEAF_MISMATCH,
                    first + at // HASH_SIZE,
                    "the entry is not the one that was appended",
                )
