"""What happens once in the life of a database, and what is checked at each start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from understudy.audit.tlog.note import Verifier
from understudy.core.notices.events import SYSTEM, Event, EventType
from understudy.core.ports import PolicyJudge
from understudy.errors import KeyMismatch, LogForked
from understudy.storage.clock import SteadyClock
from understudy.storage.data_directory import HighWater
from understudy.storage.database.connection import Connection, Database, Transaction
from understudy.storage.endings.in_force import EndingsInForce
from understudy.storage.log.ledger import StoreBatch, StoreLedger
from understudy.storage.log.log_storage import DatabaseLog
from understudy.storage.log.signing import log_origin, make_log_key
from understudy.storage.tables.reader import read_from
from understudy.storage.tables.unit import Random, StoreUnit
from understudy.storage.vault import InstallationVault

INSTALLATION_ID = "installation_id"
KEY_CHECK = "installation_key_check"
_ID_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Node:
    """What one process brings to the database that it shares with others."""

    vault: InstallationVault
    clock: SteadyClock
    random: Random
    timer: Callable[[], float]
    high_water: HighWater
    endings: EndingsInForce
    judge: PolicyJudge


def open_ledger(database: Database, node: Node) -> StoreLedger:
    """The ledger of the installation in ``database``; an empty database becomes a new one.

    Two processes that start at once agree: the writer's lock decides whose installation it is.

    :raises KeyMismatch: when the database was set up with another key.
    :raises LogForked: when this node has known another log, or one is there without its facts.
    """
    # A read is enough for every start but the first, and waits for no writer.
    with database.reading() as connection:
        ledger = _existing(connection, node)
    return ledger or _existing_or_new(database, node)


def _existing_or_new(database: Database, node: Node) -> StoreLedger:
    with database.writing() as transaction:
        # Again, under the lock: another process may have been faster since the read.
        ledger = _existing(transaction, node)
        if ledger is not None:
            return ledger
        batch = _create(transaction, node)
    # Outside of the block: the mark must not be above a commit that fails.
    batch.committed()
    return batch.ledger


def _existing(connection: Connection, node: Node) -> StoreLedger | None:
    meta = read_from(connection, node.vault).meta
    installation_id = meta.get(INSTALLATION_ID)
    if installation_id is None:
        return None
    key_check = meta.get(KEY_CHECK)
    if key_check is None:
        raise KeyMismatch(internal="the database does not say which key it was set up with")
    # Before anything is opened: with a wrong key each token would look forged, one by one.
    node.vault.require_key_check(key_check)
    return _ledger(node, installation_id)


def _create(transaction: Transaction, node: Node) -> StoreBatch:
    """A new installation: its facts, the first key of its log, and entry 0."""
    # First: whoever wants the old log forgotten would begin with an empty database.
    _require_nothing_before(transaction, node)
    installation_id = node.random(_ID_BYTES).hex()
    batch = _ledger(node, installation_id).open(transaction)
    unit = batch.unit()
    unit.meta.put(INSTALLATION_ID, installation_id)
    unit.meta.put(KEY_CHECK, node.vault.key_check())
    # Before entry 0 is sealed: it signs the checkpoint over that entry, which names it.
    verifier = _first_key(unit, log_origin(installation_id))
    details = {"origin": verifier.name, "vkey": verifier.to_text()}
    unit.record(Event(type=EventType.INSTALLATION_CREATED, actor=SYSTEM, details=details))
    batch.seal()
    return batch


def _require_nothing_before(transaction: Transaction, node: Node) -> None:
    known = node.high_water.read()
    if known is not None:
        raise LogForked(
            f"this database is new, but the data directory knows a log of {known.size} entries: "
            f"{known.origin}. Bring its database back, or start with a new data directory"
        )
    if DatabaseLog(transaction).head() is not None:
        raise LogForked("the database holds a log, but not the name of its installation")


def _first_key(unit: StoreUnit, origin: str) -> Verifier:
    return make_log_key(unit, origin=origin, signs_from=unit.now).signer.verifier


def _ledger(node: Node, installation_id: str) -> StoreLedger:
    return StoreLedger(
        origin=log_origin(installation_id),
        vault=node.vault,
        clock=node.clock,
        random=node.random,
        timer=node.timer,
        high_water=node.high_water,
        endings=node.endings,
        judge=node.judge,
    )
