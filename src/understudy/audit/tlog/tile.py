"""The tree cut into tiles of 256 hashes (C2SP tlog-tiles), as stored and as served.

`RightEdge` grows a tree and hands out its tiles; `TileTree` reads a tree back from them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Protocol, Self

from understudy.audit.tlog import merkle
from understudy.audit.tlog.merkle import HASH_SIZE, Proof
from understudy.errors import AuditError

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile."""

MAX_LEVEL = 63
MAX_ENTRY_BYTES = 0xFFFF
"""Entry bundles prefix each entry with a uint16 length."""

_FULL_TILE_BYTES = TILE_WIDTH * HASH_SIZE
_ADDRESS = re.compile(
    r"tile/(?:entries|([0-9]|[1-5][0-9]|6[0-3]))/((?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/([1-9][0-9]{0,2}))?"
)


class TileReader(Protocol):
    """Where tiles come from."""

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of the widest tile known at this place, ``b""`` if there is none."""
        ...


@dataclass(frozen=True, kw_only=True)
class TileAddress:
    """The path of a tile, or of an entry bundle when ``level`` is None.

    ``width`` is None for a full tile, else 1 to 255.
    """

    level: int | None
    index: int
    width: int | None = None

    def to_text(self) -> str:
        """The path below the log's prefix: ``tile/0/x001/x234/067.p/5``."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        kind = "entries" if self.level is None else str(self.level)
        return f"tile/{kind}/{place}" + (f".p/{self.width}" if self.width else "")

    @classmethod
    def from_text(cls, path: str) -> Self:
        """The address that prints as exactly this path.

        :raises AuditError: for any other spelling.
        """
        found = _ADDRESS.fullmatch(path)
        if found is None:
            raise AuditError("this is not the path of a tile")
        level, place, width = found.groups()
        address = cls(
            level=None if level is None else int(level),
            index=int(place.replace("x", "").replace("/", "")),
            width=None if width is None else int(width),
        )
        if address.to_text() != path or (address.width or 0) >= TILE_WIDTH:
            raise AuditError("this is not the path of a tile")
        return address


def tile_width(size: int, level: int, index: int) -> int:
    """How many hashes the tile has in a tree of ``size`` entries: 0 to 256."""
    hashes = size >> (TILE_HEIGHT * level)
    return min(max(hashes - index * TILE_WIDTH, 0), TILE_WIDTH)


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry after its length as a big-endian uint16.

    :raises AuditError: when an entry is longer than that can say.
    """
    return b"".join(struct.pack(">H", len(require_entry_size(entry))) + entry for entry in entries)


def decode_bundle(bundle: bytes) -> list[bytes]:
    """The entries of a bundle, in order.

    :raises AuditError: when it is cut short or holds more entries than a tile.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > len(bundle) or len(entries) == TILE_WIDTH:
            raise AuditError("this is not an entry bundle")
        entries.append(bundle[start:at])
    return entries


def require_entry_size(entry: bytes) -> bytes:
    """The entry itself, if it fits into a bundle.

    :raises AuditError: when it does not.
    """
    if len(entry) > MAX_ENTRY_BYTES:
        raise AuditError(f"an entry has at most {MAX_ENTRY_BYTES} bytes")
    return entry


def subtree_root(hashes: bytes) -> bytes:
    """The root over a power of two of concatenated hashes."""
    while len(hashes) > HASH_SIZE:
        hashes = _paired(hashes)
    return hashes


def _paired(hashes: bytes) -> bytes:
    pairs = range(0, len(hashes), 2 * HASH_SIZE)
    return b"".join([merkle.pair_hash(hashes[at : at + 2 * HASH_SIZE]) for at in pairs])


# Most of the right edge is the same from one append to the next, and the same bytes have the same
# root; a forged tile has other bytes and is hashed anew.
_remembered_root = lru_cache(maxsize=128)(subtree_root)

# The proofs of all entries ask for the roots on the right edge, and a hash above the lowest level
# stands for so many entries that those over it are asked for again too. The key is the hashes
# themselves, so that nothing ever makes what is remembered wrong: neither an erasure, which leaves
# hashes alone, nor a database that was set back or forged, whose tiles have other bytes and
# therefore roots of their own. Of unfinished tiles, 4 KB each:
_root_on_the_edge = lru_cache(maxsize=256)(subtree_root)


# Of full ones all roots at once, 16 KB with the key: those over 33 million entries are remembered.
@lru_cache(maxsize=512)
def _higher_roots(hashes: bytes) -> tuple[bytes, ...]:
    """The hashes of a tile, the roots over each two of them, each four, and so on."""
    rows = [hashes]
    while len(rows[-1]) > HASH_SIZE:
        rows.append(_paired(rows[-1]))
    return tuple(rows)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A tile and what it holds."""

    level: int
    index: int
    hashes: bytes


@dataclass(kw_only=True)
class RightEdge:
    """The unfinished tile of every level: all that a tree needs to keep in order to grow."""

    size: int = 0
    _levels: list[bytearray] = field(default_factory=list)

    @classmethod
    def load(cls, reader: TileReader, size: int) -> Self:
        """The right edge of a stored tree of ``size`` entries.

        :raises AuditError: when a tile is narrower or wider than that size makes it.
        """
        edge = cls(size=size)
        level = 0
        while hashes := size >> (TILE_HEIGHT * level):
            index, width = divmod(hashes, TILE_WIDTH)
            stored = reader.tile(level, index)
            if len(stored) != width * HASH_SIZE:
                raise AuditError(f"tile {level}/{index} does not hold {width} hashes")
            edge._levels.append(bytearray(stored))
            level += 1
        return edge

    def extend(self, leaf_hashes: Sequence[bytes]) -> list[Tile]:
        """Add leaves; the tiles that this filled, lower levels first."""
        filled: list[Tile] = []
        at = 0
        while at < len(leaf_hashes):
            part = leaf_hashes[at : at + TILE_WIDTH - self.size % TILE_WIDTH]
            at += len(part)
            self.size += len(part)
            self._push(0, b"".join(part), filled)
        return filled

    def partial_tiles(self, highest_level: int = MAX_LEVEL) -> Iterator[Tile]:
        """The tiles that are begun and not full, one at most for each level."""
        for level, hashes in enumerate(self._levels[: highest_level + 1]):
            if hashes:
                index = (self.size >> (TILE_HEIGHT * level)) // TILE_WIDTH
                yield Tile(level=level, index=index, hashes=bytes(hashes))

    def root(self) -> bytes:
        """The root of all that was added."""
        return _edge_root(tuple(map(bytes, self._levels)))

    def _push(self, level: int, subtrees: bytes, filled: list[Tile]) -> None:
        if level == len(self._levels):
            self._levels.append(bytearray())
        hashes = self._levels[level]
        hashes += subtrees
        if len(hashes) == _FULL_TILE_BYTES:
            index = (self.size >> (TILE_HEIGHT * (level + 1))) - 1
            filled.append(Tile(level=level, index=index, hashes=bytes(hashes)))
            hashes.clear()
            self._push(level + 1, subtree_root(filled[-1].hashes), filled)


@dataclass(frozen=True, kw_only=True)
class TileTree:
    """A tree of ``size`` entries, read from tiles that may meanwhile have grown beyond it."""

    reader: TileReader
    size: int
    _read: dict[tuple[int, int], bytes] = field(default_factory=dict, repr=False, compare=False)

    def subtree(self, height: int, index: int) -> bytes:
        """The hash of a complete subtree (see `merkle.HashReader`).

        :raises AuditError: when its tile is missing or too narrow.
        """
        level, below = divmod(height, TILE_HEIGHT)
        tile_index, start = divmod(index << below, TILE_WIDTH)
        tile = self._read.get((level, tile_index))
        if tile is None:
            tile = self._read[level, tile_index] = self.reader.tile(level, tile_index)
        full = len(tile) == _FULL_TILE_BYTES
        if full and level:
            at = (start >> below) * HASH_SIZE
            return _higher_roots(tile)[below][at : at + HASH_SIZE]
        hashes = tile[start * HASH_SIZE : (start + (1 << below)) * HASH_SIZE]
        if len(hashes) != HASH_SIZE << below:
            end = start + (1 << below)
            raise AuditError(f"tile {level}/{tile_index} does not hold {end} hashes")
        return subtree_root(hashes) if full else _root_on_the_edge(hashes)

    def root(self, size: int | None = None) -> bytes:
        """The root of the whole tree, or of its first ``size`` entries."""
        return merkle.root_at(self, self.size if size is None else size)

    def inclusion_proof(self, index: int) -> Proof:
        """The proof that entry ``index`` is in this tree.

        :raises ProofInvalid: when it is not.
        """
        return merkle.inclusion_proof(self, index, self.size)

    def consistency_proof(self, old_size: int) -> Proof:
        """The proof that this tree begins with its first ``old_size`` entries.

        :raises ProofInvalid: when it has fewer.
        """
        return merkle.consistency_proof(self, old_size, self.size)


def _peak_roots(hashes: bytes) -> Iterator[bytes]:
    for height, index in merkle.peaks(0, len(hashes) // HASH_SIZE):
        width = HASH_SIZE << height
        yield _remembered_root(hashes[index * width : (index + 1) * width])


# An append asks for the root of the edge that the one before has left: by its very bytes.
@lru_cache(maxsize=4)
def _edge_root(levels: tuple[bytes, ...]) -> bytes:
    """The root over the unfinished tiles of all levels, the lowest first."""
    subtrees = [root for hashes in reversed(levels) for root in _peak_roots(hashes)]
    if not subtrees:
        return merkle.EMPTY_ROOT
    return reduce(lambda right, left: merkle.node_hash(left, right), reversed(subtrees))
