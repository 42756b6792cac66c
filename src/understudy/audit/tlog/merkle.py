"""Merkle tree hashes, inclusion proofs and consistency proofs (RFC 6962, section 2.1).

Verification follows the loops of RFC 9162, sections 2.1.3.2 and 2.1.4.2. Proofs are made over a
port, `HashReader`, so that the same few lines serve a list in memory and tiles in a database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Protocol

from understudy.errors import ProofInvalid

HASH_SIZE = 32
"""Bytes in a SHA-256 hash."""

MAX_PROOF_HASHES = 64
"""No tree below 2^63 entries needs a longer proof."""

_LEAF_PREFIX = b"\x00"
_NODE_PREFIX = b"\x01"

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without entries."""

Proof = tuple[bytes, ...]
"""Hashes from the leaf's side to the root's."""


class HashReader(Protocol):
    """Gives the hash of a complete subtree."""

    def subtree(self, height: int, index: int) -> bytes:
        """The hash over entries ``index << height`` up to ``(index + 1) << height``."""
        ...


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf."""
    return hashlib.sha256(_LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two subtrees."""
    return pair_hash(left + right)


def pair_hash(pair: bytes) -> bytes:
    """The hash of the node above two subtrees whose hashes lie side by side."""
    return hashlib.sha256(_NODE_PREFIX + pair).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root of the tree with these leaf hashes."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [node_hash(left, right) for left, right in pairs] + odd
    return level[0]


def root_at(reader: HashReader, size: int) -> bytes:
    """The root of the first ``size`` entries."""
    return _range_hash(reader, 0, size) if size else EMPTY_ROOT


def inclusion_proof(reader: HashReader, index: int, size: int) -> Proof:
    """The siblings on the way from entry ``index`` to the root of ``size`` entries.

    :raises ProofInvalid: when the tree has no such entry.
    """
    if not 0 <= index < size:
        raise ProofInvalid(f"a log of {size} entries has no entry {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(reader, middle, end))
            end = middle
        else:
            path.append(_range_hash(reader, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(reader: HashReader, old_size: int, size: int) -> Proof:
    """What shows that the tree of ``old_size`` entries is a prefix of that of ``size`` entries.

    :raises ProofInvalid: when the old tree is the larger one.
    """
    if not 0 <= old_size <= size:
        raise ProofInvalid(f"a log of {size} entries has no earlier state of {old_size}")
    if old_size in (0, size):
        return ()
    path: list[bytes] = []
    start, end = 0, size
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_range_hash(reader, middle, end))
            end = middle
        else:
            path.append(_range_hash(reader, start, middle))
            start = middle
    # Whoever holds the old root knows this subtree already when it begins at the first entry.
    known = [] if start == 0 else [_range_hash(reader, start, end)]
    return (*known, *reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Proof, root: bytes) -> None:
    """Return only if the entry with hash ``leaf`` is number ``index`` below ``root``.

    :raises ProofInvalid: when the proof leads elsewhere or has the wrong length.
    """
    if not 0 <= index < size:
        raise ProofInvalid(f"a log of {size} entries has no entry {index}")
    _require_hashes(proof)
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofInvalid("the inclusion proof is too long")
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            position, last = _skip_left_edge(position, last)
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the inclusion proof is too short")
    if current != root:
        raise ProofInvalid("the inclusion proof does not lead to the root")


def verify_consistency(
    old_size: int, size: int, proof: Proof, *, old_root: bytes, root: bytes
) -> None:
    """Return only if the tree below ``old_root`` is a prefix of the tree below ``root``.

    :raises ProofInvalid: when the proof does not lead to both roots.
    """
    if not 0 <= old_size <= size:
        raise ProofInvalid(f"a log of {size} entries has no earlier state of {old_size}")
    if old_size in (0, size):
        expected = root if old_size == size else EMPTY_ROOT
        if proof or old_root != expected:
            raise ProofInvalid("the two roots of one size differ")
        return
    _require_hashes(proof)
    _verify_growth(old_size, size, proof, old_root=old_root, root=root)


def _verify_growth(old_size: int, size: int, proof: Proof, *, old_root: bytes, root: bytes) -> None:
    hashes = iter(proof if old_size & (old_size - 1) else (old_root, *proof))
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = next(hashes, b"")
    for sibling in hashes:
        if last == 0:
            raise ProofInvalid("the consistency proof is too long")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            position, last = _skip_left_edge(position, last)
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the consistency proof is too short")
    if old != old_root or new != root:
        raise ProofInvalid("the consistency proof does not lead to both roots")


def _require_hashes(proof: Proof) -> None:
    # A node hashes two children of fixed length; another length would let bytes change sides.
    if len(proof) > MAX_PROOF_HASHES or any(len(part) != HASH_SIZE for part in proof):
        raise ProofInvalid("the proof is not a short list of SHA-256 hashes")


def peaks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Height and index of the complete subtrees that tile ``[start, end)``, largest first.

    ``start`` is a multiple of the largest power of two that fits, as it is wherever RFC 6962
    splits a tree.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _range_hash(reader: HashReader, start: int, end: int) -> bytes:
    size = end - start
    if not size & (size - 1):
        # One complete subtree, as nearly every sibling is.
        height = size.bit_length() - 1
        return reader.subtree(height, start >> height)
    hashes = [reader.subtree(height, index) for height, index in peaks(start, end)]
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def _split(size: int) -> int:
    """The largest power of two strictly smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _skip_left_edge(position: int, last: int) -> tuple[int, int]:
    """Climb while the node is the last one and a left child: it has no sibling there."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last
