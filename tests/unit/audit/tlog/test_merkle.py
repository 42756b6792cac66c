from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.audit.tlog import merkle
from understudy.audit.tlog.merkle import (
    EMPTY_ROOT,
    MAX_PROOF_HASHES,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from understudy.errors import ProofInvalid

VECTORS: Any = json.loads(
    (Path(__file__).parents[3] / "vectors/audit/rfc6962.json").read_text(encoding="utf-8")
)


def reference_root(entries: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word and without our code."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    halves = reference_root(entries[:k]) + reference_root(entries[k:])
    return hashlib.sha256(b"\x01" + halves).digest()


def reference_path(m: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1."""
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m < k:
        return [*reference_path(m, entries[:k]), reference_root(entries[k:])]
    return [*reference_path(m - k, entries[k:]), reference_root(entries[:k])]


def reference_subproof(m: int, entries: list[bytes], *, whole: bool) -> list[bytes]:
    """RFC 6962, section 2.1.2."""
    if m == len(entries):
        return [] if whole else [reference_root(entries)]
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m <= k:
        return [*reference_subproof(m, entries[:k], whole=whole), reference_root(entries[k:])]
    return [*reference_subproof(m - k, entries[k:], whole=False), reference_root(entries[:k])]


class EntriesInMemory:
    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries

    def subtree(self, height: int, index: int) -> bytes:
        part = self.entries[index << height : (index + 1) << height]
        assert len(part) == 1 << height, "only complete subtrees may be asked for"
        return root_of([leaf_hash(entry) for entry in part])


PUBLISHED = EntriesInMemory([bytes.fromhex(leaf) for leaf in VECTORS["leaves"]])
ENTRIES = [f"entry {number}".encode() for number in range(70)]
TREE = EntriesInMemory(ENTRIES)
SIZES = st.integers(min_value=1, max_value=len(ENTRIES))


@pytest.mark.parametrize(("size", "root"), list(enumerate(VECTORS["roots"])))
def test_published_roots_come_out(size: int, root: str) -> None:
    hashes = [leaf_hash(entry) for entry in PUBLISHED.entries[:size]]
    assert root_of(hashes).hex() == root
    assert root_at(PUBLISHED, size).hex() == root


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_published_inclusion_proofs_come_out_and_verify(vector: dict[str, Any]) -> None:
    index, size = vector["index"], vector["size"]
    proof = inclusion_proof(PUBLISHED, index, size)
    assert [one.hex() for one in proof] == vector["hashes"]
    root = bytes.fromhex(VECTORS["roots"][size])
    verify_inclusion(leaf_hash(PUBLISHED.entries[index]), index, size, proof, root)


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_published_consistency_proofs_come_out_and_verify(vector: dict[str, Any]) -> None:
    old, new = vector["old_size"], vector["size"]
    proof = consistency_proof(PUBLISHED, old, new)
    assert [one.hex() for one in proof] == vector["hashes"]
    old_root, root = (bytes.fromhex(VECTORS["roots"][size]) for size in (old, new))
    verify_consistency(old, new, proof, old_root=old_root, root=root)


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_at(TREE, 0) == root_of([]) == EMPTY_ROOT == reference_root([])


def test_leaf_and_node_are_told_apart() -> None:
    assert leaf_hash(bytes(64)) != node_hash(bytes(32), bytes(32))


@given(SIZES)
def test_root_is_that_of_the_recursive_definition(size: int) -> None:
    assert root_at(TREE, size) == reference_root(ENTRIES[:size])
    assert root_of([leaf_hash(entry) for entry in ENTRIES[:size]]) == root_at(TREE, size)


@given(SIZES, st.data())
def test_inclusion_proof_is_that_of_the_recursive_definition(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    proof = inclusion_proof(TREE, index, size)
    assert list(proof) == reference_path(index, ENTRIES[:size])
    verify_inclusion(leaf_hash(ENTRIES[index]), index, size, proof, root_at(TREE, size))


@given(SIZES, st.data())
def test_consistency_proof_is_that_of_the_recursive_definition(
    size: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(min_value=1, max_value=size))
    proof = consistency_proof(TREE, old, size)
    assert list(proof) == reference_subproof(old, ENTRIES[:size], whole=True)
    verify_consistency(old, size, proof, old_root=root_at(TREE, old), root=root_at(TREE, size))


@given(SIZES, st.data())
def test_no_other_index_leaf_size_or_proof_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    proof = inclusion_proof(TREE, index, size)
    leaf, root = leaf_hash(ENTRIES[index]), root_at(TREE, size)
    wrong = [
        (leaf_hash(b"another"), index, size, proof, root),
        (leaf, index, size, proof, bytes(32)),
        (leaf, index, size, (*proof, bytes(32)), root),
        (leaf, (index + 1) % size if size > 1 else 1, size, proof, root),
        (leaf, index, 2 * size + 1, proof, root),
        (leaf, index, size, proof[:-1] if proof else (bytes(32),), root),
    ]
    for claim in wrong:
        with refusal_of(ProofInvalid, "proof_invalid"):
            verify_inclusion(*claim)


@given(st.integers(min_value=2, max_value=len(ENTRIES)), st.data())
def test_no_other_roots_sizes_or_proof_are_consistent(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(min_value=1, max_value=size - 1))
    proof = consistency_proof(TREE, old, size)
    old_root, root = root_at(TREE, old), root_at(TREE, size)
    flipped = bytes([proof[0][0] ^ 1]) + proof[0][1:]
    wrong = [
        (old, size, proof, bytes(32), root),
        (old, size, proof, old_root, bytes(32)),
        (old, size, (*proof, bytes(32)), old_root, root),
        (old, size, proof[:-1], old_root, root),
        (old, size, (flipped, *proof[1:]), old_root, root),
        (old, 2 * size + 1, proof, old_root, root),
    ]
    for first, second, hashes, one, other in wrong:
        with refusal_of(ProofInvalid, "proof_invalid"):
            verify_consistency(first, second, hashes, old_root=one, root=other)


def test_a_rewritten_entry_breaks_consistency() -> None:
    forged = EntriesInMemory([b"forged", *ENTRIES[1:]])
    with pytest.raises(ProofInvalid, match="does not lead to both roots"):
        verify_consistency(
            5,
            9,
            consistency_proof(forged, 5, 9),
            old_root=root_at(TREE, 5),
            root=root_at(forged, 9),
        )


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_an_entry_outside_the_log_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofInvalid, match="has no entry"):
        inclusion_proof(TREE, index, size)
    with pytest.raises(ProofInvalid, match="has no entry"):
        verify_inclusion(EMPTY_ROOT, index, size, (), EMPTY_ROOT)


@pytest.mark.parametrize(("old", "size"), [(4, 3), (-1, 3)])
def test_a_larger_or_negative_past_has_no_proof(old: int, size: int) -> None:
    with pytest.raises(ProofInvalid, match="no earlier state"):
        consistency_proof(TREE, old, size)
    with pytest.raises(ProofInvalid, match="no earlier state"):
        verify_consistency(old, size, (), old_root=EMPTY_ROOT, root=EMPTY_ROOT)


def test_every_log_continues_the_empty_one_and_itself() -> None:
    root = root_at(TREE, 3)
    assert consistency_proof(TREE, 0, 3) == consistency_proof(TREE, 3, 3) == ()
    verify_consistency(0, 3, (), old_root=EMPTY_ROOT, root=root)
    verify_consistency(3, 3, (), old_root=root, root=root)
    for old, old_root, proof in [(0, root, ()), (3, EMPTY_ROOT, ()), (0, EMPTY_ROOT, (root,))]:
        with pytest.raises(ProofInvalid, match="two roots of one size"):
            verify_consistency(old, 3, proof, old_root=old_root, root=root)


@pytest.mark.parametrize("proof", [(b"short",), (bytes(31), bytes(33)), (bytes(32),) * 65])
def test_a_proof_is_a_short_list_of_whole_hashes(proof: tuple[bytes, ...]) -> None:
    assert len(proof) > MAX_PROOF_HASHES or any(len(one) != 32 for one in proof)
    with pytest.raises(ProofInvalid, match="short list"):
        verify_inclusion(EMPTY_ROOT, 0, 2, proof, EMPTY_ROOT)
    with pytest.raises(ProofInvalid, match="short list"):
        verify_consistency(1, 2, proof, old_root=EMPTY_ROOT, root=EMPTY_ROOT)


def test_proofs_that_are_too_long_or_too_short_say_so() -> None:
    leaf, root = leaf_hash(ENTRIES[0]), root_at(TREE, 4)
    proof = inclusion_proof(TREE, 0, 4)
    with pytest.raises(ProofInvalid, match="too long"):
        verify_inclusion(leaf, 0, 4, (*proof, bytes(32)), root)
    with pytest.raises(ProofInvalid, match="too short"):
        verify_inclusion(leaf, 0, 4, proof[:1], root)
    grown = consistency_proof(TREE, 3, 4)
    old_root = root_at(TREE, 3)
    with pytest.raises(ProofInvalid, match="too long"):
        verify_consistency(3, 4, (*grown, bytes(32)), old_root=old_root, root=root)
    with pytest.raises(ProofInvalid, match="too short"):
        verify_consistency(3, 4, grown[:1], old_root=old_root, root=root)


def test_subtrees_tile_a_range_largest_first() -> None:
    assert list(merkle.peaks(0, 11)) == [(3, 0), (1, 4), (0, 10)]
    assert list(merkle.peaks(8, 11)) == [(1, 4), (0, 10)]
    assert list(merkle.peaks(3, 3)) == []
