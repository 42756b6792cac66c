from __future__ import annotations

from tests.fixtures.service import World
from understudy.audit.tlog.checkpoint import open_checkpoint
from understudy.audit.tlog.merkle import HASH_SIZE, leaf_hash
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.tile import decode_bundle


async def test_anybody_may_fetch_the_checkpoint_and_verify_it(world: World) -> None:
    published = (await world.backend.get("/api/v1/audit/log")).json()
    note = await world.stranger.get("/log/checkpoint")
    assert note.headers["content-type"].startswith("text/plain")
    verifier = Verifier.from_text(published["verifier_keys"][0])
    checkpoint = open_checkpoint(note.content, verifier=verifier, origin=published["origin"])
    assert checkpoint.size == len(world.logged())


async def test_tiles_hold_the_hashes_of_the_entries(world: World) -> None:
    size = len(world.logged())
    tile = await world.stranger.get(f"/log/tile/0/000.p/{size}")
    bundle = await world.stranger.get(f"/log/tile/entries/000.p/{size}")
    assert len(tile.content) == size * HASH_SIZE
    assert "immutable" in tile.headers["cache-control"]
    leaves = decode_bundle(bundle.content)
    assert b"".join(map(leaf_hash, leaves)) == tile.content


async def test_a_narrower_tile_is_the_beginning_of_the_wider_one(world: World) -> None:
    size = len(world.logged())
    wide = await world.stranger.get(f"/log/tile/0/000.p/{size}")
    narrow = await world.stranger.get(f"/log/tile/0/000.p/{size - 1}")
    assert wide.content.startswith(narrow.content)


async def test_what_the_checkpoint_does_not_cover_is_not_served(world: World) -> None:
    size = len(world.logged())
    beyond = (f"0/000.p/{size + 1}", "0/000", "1/000.p/1", "0/001.p/1", "entries/000")
    for path in (*beyond, "0/0", "0/000.p/0", "64/000", "../0/000", "0/000/", ""):
        answer = await world.stranger.get(f"/log/tile/{path}")
        assert answer.status_code == 404, path


async def test_a_bundle_is_compressed_for_those_who_take_it(world: World) -> None:
    path = f"/log/tile/entries/000.p/{len(world.logged())}"
    plain = await world.stranger.get(path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for accepted in ("gzip", "br, GZIP;q=0.5", "*", "x-gzip"):
        zipped = await world.stranger.get(path, headers={"accept-encoding": accepted})
        assert zipped.headers["content-encoding"] == "gzip"
        assert zipped.headers["vary"] == "accept-encoding"
        # The client has undone it.
        assert zipped.content == plain.content
    for accepted in ("", "br", "gzip;q=0", "gzip;q=0.000, *"):
        answer = await world.stranger.get(path, headers={"accept-encoding": accepted})
        assert "content-encoding" not in answer.headers, accepted
