"""A log that has grown long, made in seconds: real tiles and a signed checkpoint over them.

Its entries are not there, but for the few that an installation begins with: only what is asked of
the tree can be measured on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from understudy.audit.tlog.checkpoint import Checkpoint, sign_checkpoint
from understudy.audit.tlog.merkle import HASH_SIZE
from understudy.audit.tlog.tile import TILE_WIDTH, RightEdge
from understudy.core.ports import KeyUse
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.log_storage import AppendableLog
from understudy.storage.tables.keys import SigningKeyTable


def lengthen(engine: StoreEngine, size: int) -> None:
    """Let the log of ``engine`` have ``size`` entries, whose hashes are chance."""
    with engine._database.writing() as transaction:
        log = AppendableLog(transaction)
        edge = RightEdge.load(log, log.size())
        for hashes in _chance(size - edge.size):
            for tile in edge.extend(hashes):
                log.put_tile(tile.level, tile.index, tile.hashes)
        for tile in edge.partial_tiles():
            log.put_tile(tile.level, tile.index, tile.hashes)
        keys = engine._keyring.open(SigningKeyTable(transaction).of(KeyUse.LOG))
        checkpoint = Checkpoint(origin=engine.origin, size=size, root=edge.root())
        log.put_head(sign_checkpoint(checkpoint, keys.signer_at(datetime.now(UTC))))


def _chance(count: int) -> Iterator[list[bytes]]:
    for left in range(count, 0, -TILE_WIDTH):
        some = os.urandom(min(left, TILE_WIDTH) * HASH_SIZE)
        yield [some[at : at + HASH_SIZE] for at in range(0, len(some), HASH_SIZE)]
