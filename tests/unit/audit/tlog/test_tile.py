from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.tlog.test_merkle import reference_path, reference_root, reference_subproof
from understudy.audit.tlog.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    leaf_hash,
    node_hash,
    root_of,
    verify_inclusion,
)
from understudy.audit.tlog.tile import (
    MAX_ENTRY_BYTES,
    TILE_WIDTH,
    RightEdge,
    TileAddress,
    TileTree,
    decode_bundle,
    encode_bundle,
    tile_width,
)
from understudy.errors import AuditError, ProofInvalid

LARGEST = 65_800
ENTRIES = [f"{number}".encode() for number in range(LARGEST)]
HASHES = [leaf_hash(entry) for entry in ENTRIES]
BOUNDARIES = [1, 2, 3, 255, 256, 257, 511, 512, 513, 1000, 65_536, LARGEST]


class Tiles(dict[tuple[int, int], bytes]):
    def tile(self, level: int, index: int) -> bytes:
        return self.get((level, index), b"")


def stored(size: int, step: int = LARGEST) -> Tiles:
    """What is stored once so many entries were appended, a step at a time."""
    tiles, edge = Tiles(), RightEdge()
    for start in range(0, size, step):
        filled = edge.extend(HASHES[start : min(start + step, size)])
        for tile in (*filled, *edge.partial_tiles()):
            tiles[tile.level, tile.index] = tile.hashes
    return tiles


ALL_TILES = stored(LARGEST)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (TileAddress(level=0, index=0), "tile/0/000"),
        (TileAddress(level=0, index=1_234_067), "tile/0/x001/x234/067"),
        (TileAddress(level=63, index=999), "tile/63/999"),
        (TileAddress(level=2, index=1000, width=1), "tile/2/x001/000.p/1"),
        (TileAddress(level=None, index=273, width=112), "tile/entries/273.p/112"),
        (TileAddress(level=None, index=0, width=255), "tile/entries/000.p/255"),
    ],
)
def test_addresses_print_as_in_the_specification(address: TileAddress, path: str) -> None:
    assert address.to_text() == path
    assert TileAddress.from_text(path) == address


@given(
    st.builds(
        TileAddress,
        level=st.none() | st.integers(min_value=0, max_value=63),
        index=st.integers(min_value=0, max_value=10**18),
        width=st.none() | st.integers(min_value=1, max_value=255),
    )
)
def test_addresses_come_back_from_text(address: TileAddress) -> None:
    assert TileAddress.from_text(address.to_text()) == address


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/x000/x001/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/X001/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000.p/1/",
        "tile/0/000\n",
        "/tile/0/000",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/" + "x001/" * 7 + "000",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(AuditError, match="not the path of a tile"):
        TileAddress.from_text(path)


def test_widths_are_those_of_the_specifications_example() -> None:
    size = 70_000
    assert [tile_width(size, 0, index) for index in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [tile_width(size, 1, index) for index in (0, 1, 2)] == [256, 17, 0]
    assert [tile_width(size, 2, index) for index in (0, 1)] == [1, 0]
    assert tile_width(size, 3, 0) == 0
    assert [tile_width(256, level, 0) for level in (0, 1)] == [256, 1]


def test_bundle_prefixes_each_entry_with_its_length() -> None:
    assert encode_bundle([b"abc", b"", b"d" * 256]) == (
        b"\x00\x03abc" + b"\x00\x00" + b"\x01\x00" + b"d" * 256
    )


@given(st.lists(st.binary(max_size=300), max_size=TILE_WIDTH))
def test_bundles_come_back(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries)) == entries


def test_the_longest_entry_fits_into_a_bundle_and_no_longer_one() -> None:
    longest = bytes(MAX_ENTRY_BYTES)
    assert decode_bundle(encode_bundle([longest])) == [longest]
    with pytest.raises(AuditError, match="65535 bytes"):
        encode_bundle([longest + b"\x00"])


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x01ab"])
def test_a_bundle_cut_short_is_refused(bundle: bytes) -> None:
    with pytest.raises(AuditError, match="not an entry bundle"):
        decode_bundle(bundle)


def test_a_bundle_of_more_entries_than_a_tile_has_is_refused() -> None:
    assert len(decode_bundle(b"\x00\x00" * TILE_WIDTH)) == TILE_WIDTH
    with pytest.raises(AuditError, match="not an entry bundle"):
        decode_bundle(b"\x00\x00" * (TILE_WIDTH + 1))


@pytest.mark.parametrize("size", [0, *BOUNDARIES])
def test_root_of_the_right_edge_and_of_the_tiles_is_that_of_the_entries(size: int) -> None:
    edge = RightEdge()
    edge.extend(HASHES[:size])
    expected = reference_root(ENTRIES[:size])
    assert (edge.size, edge.root()) == (size, expected)
    assert root_of(HASHES[:size]) == expected
    assert TileTree(reader=stored(size), size=size).root() == expected
    assert TileTree(reader=ALL_TILES, size=LARGEST).root(size) == expected


@pytest.mark.parametrize("size", BOUNDARIES)
def test_tiles_hold_the_hashes_that_the_specification_names(size: int) -> None:
    tiles = stored(size)
    for (level, index), hashes in tiles.items():
        width = tile_width(size, level, index)
        assert len(hashes) == width * 32
        span = 256**level
        first = index * TILE_WIDTH * span
        last = first + (width - 1) * span
        assert hashes[:32] == root_of(HASHES[first : first + span])
        assert hashes[-32:] == root_of(HASHES[last : last + span])
    expected = {
        (level, index)
        for level in range(4)
        for index in range(LARGEST // TILE_WIDTH + 1)
        if tile_width(size, level, index)
    }
    assert set(tiles) == expected


@given(st.lists(st.integers(min_value=1, max_value=700), min_size=1, max_size=8))
def test_the_steps_of_growth_leave_no_trace(steps: list[int]) -> None:
    tiles, edge = Tiles(), RightEdge()
    for step in steps:
        edge = RightEdge.load(tiles, edge.size)
        filled = edge.extend(HASHES[edge.size : edge.size + step])
        changed = filled[-1].level + 1 if filled else 0
        for tile in (*filled, *edge.partial_tiles(changed)):
            tiles[tile.level, tile.index] = tile.hashes
    assert edge.size == sum(steps)
    assert tiles == stored(edge.size)
    assert RightEdge.load(tiles, edge.size).root() == root_of(HASHES[: edge.size])


def test_nothing_has_no_tiles_and_the_empty_root() -> None:
    edge = RightEdge.load(Tiles(), 0)
    assert (edge.root(), list(edge.partial_tiles()), edge.extend([])) == (EMPTY_ROOT, [], [])


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ((0, 1), bytes(32)),
        ((0, 1), None),
        ((1, 0), None),
    ],
)
def test_a_right_edge_of_another_width_is_refused(
    place: tuple[int, int], change: bytes | None
) -> None:
    tiles = stored(300)
    if change is None:
        del tiles[place]
    else:
        tiles[place] += change
    with pytest.raises(AuditError, match=f"tile {place[0]}/{place[1]} does not hold"):
        RightEdge.load(tiles, 300)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 257), (256, 257), (999, 1000), (5, 513)])
def test_inclusion_proofs_from_tiles_are_those_of_the_entries(index: int, size: int) -> None:
    for tree in (
        TileTree(reader=stored(size), size=size),
        TileTree(reader=ALL_TILES, size=size),
    ):
        assert list(tree.inclusion_proof(index)) == reference_path(index, ENTRIES[:size])


@pytest.mark.parametrize(
    ("old", "size"), [(1, 2), (255, 256), (256, 257), (200, 1000), (512, 1000), (70, 513)]
)
def test_consistency_proofs_from_tiles_are_those_of_the_entries(old: int, size: int) -> None:
    expected = reference_subproof(old, ENTRIES[:size], whole=True)
    for tree in (
        TileTree(reader=stored(size), size=size),
        TileTree(reader=ALL_TILES, size=size),
    ):
        assert list(tree.consistency_proof(old)) == expected


def test_a_tree_of_tiles_knows_its_bounds() -> None:
    tree = TileTree(reader=ALL_TILES, size=10)
    with refusal_of(ProofInvalid, "proof_invalid"):
        tree.inclusion_proof(10)
    with refusal_of(ProofInvalid, "proof_invalid"):
        tree.consistency_proof(11)


def test_a_missing_or_narrow_tile_is_named() -> None:
    with pytest.raises(AuditError, match="tile 0/0 does not hold"):
        TileTree(reader=Tiles(), size=2).root()
    narrow = Tiles({(0, 0): HASHES[0]})
    with pytest.raises(AuditError, match="tile 0/0 does not hold 2"):
        TileTree(reader=narrow, size=2).root()


def test_a_tree_reads_each_tile_once() -> None:
    class Counting(Tiles):
        reads: list[tuple[int, int]]

        def tile(self, level: int, index: int) -> bytes:
            self.reads.append((level, index))
            return super().tile(level, index)

    tiles = Counting(ALL_TILES)
    tiles.reads = []
    TileTree(reader=tiles, size=LARGEST).inclusion_proof(1234)
    assert sorted(tiles.reads) == sorted(set(tiles.reads))
    assert len(tiles.reads) <= 5


def test_hashes_of_a_subtree_come_from_the_tile_that_holds_them() -> None:
    tree = TileTree(reader=ALL_TILES, size=LARGEST)
    assert tree.subtree(0, 300) == HASHES[300]
    assert tree.subtree(1, 150) == node_hash(HASHES[300], HASHES[301])
    assert tree.subtree(8, 1) == root_of(HASHES[256:512])
    assert tree.subtree(9, 0) == root_of(HASHES[:512])


@pytest.mark.parametrize(("position", "index"), [(0, 40_000), (77, 0), (255, 0)])
def test_a_forged_tile_is_found_whatever_was_hashed_before(position: int, index: int) -> None:
    honest = TileTree(reader=ALL_TILES, size=LARGEST)
    proof, root = honest.inclusion_proof(index), honest.root()
    verify_inclusion(HASHES[index], index, LARGEST, proof, root)
    tile, at = ALL_TILES[1, 0], position * HASH_SIZE
    forged_tile = tile[:at] + bytes(HASH_SIZE) + tile[at + HASH_SIZE :]
    forged = TileTree(reader=Tiles({**ALL_TILES, (1, 0): forged_tile}), size=LARGEST)
    with pytest.raises(ProofInvalid) as caught:
        verify_inclusion(HASHES[index], index, LARGEST, forged.inclusion_proof(index), root)
    assert caught.value.code == "proof_invalid"
