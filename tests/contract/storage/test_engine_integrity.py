"""What somebody who can write to the database, but not into the data directory, achieves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.storage.engines import (
    Clock,
    engine_on,
    is_marked,
    marks,
    tamper,
    words_in_log,
)
from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.findings import FindingCode
from understudy.audit.tlog.checkpoint import Checkpoint, sign_checkpoint
from understudy.audit.tlog.note import Signer
from understudy.errors import (
    KeyMismatch,
    LogForked,
    LogUnwritable,
    SignatureInvalid,
    UnderstudyError,
)
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import StoreEngine


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engine(database_url: str, directory: Path) -> Iterator[StoreEngine]:
    with engine_on(database_url, directory, clock=Clock()) as engine:
        engine.run(marks("a", events=3))
        yield engine


def change(url: str, statement: str) -> None:
    """Run one statement behind the engine's back."""
    database = open_database(url)
    try:
        assert tamper(database, url, statement) > 0
    finally:
        database.close()


ATTACKS = {
    "the checkpoint deleted": "DELETE FROM log_head",
    "the checkpoint emptied": "UPDATE log_head SET note = ''",
    "the checkpoint's size changed": "UPDATE log_head SET note = replace(note, '\n4\n', '\n3\n')",
    "the tiles deleted": "DELETE FROM log_tiles",
    "the tiles cut": "UPDATE log_tiles SET hashes = substr(hashes, 1, 96)",
    "the tiles forged": (
        "UPDATE log_tiles SET hashes = CAST(substr(hashes, 33) || substr(hashes, 1, 32) AS {blob})"
    ),
    "an entry slipped in at the end": (
        "INSERT INTO log_entries (idx, time_ms, type, leaf) "
        "SELECT 4, time_ms, type, leaf FROM log_entries WHERE idx = 3"
    ),
    "the key deleted": "DELETE FROM signing_keys",
    "the key's public half changed": "UPDATE signing_keys SET public = private_encrypted",
    "the key renamed": "UPDATE signing_keys SET id = 'key_other'",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_signed_on_top_of(
    engine: StoreEngine, database_url: str, directory: Path, attack: str
) -> None:
    change(database_url, ATTACKS[attack])
    with pytest.raises(LogUnwritable) as caught:
        engine.run(marks("b"))
    assert caught.value.code == "log_unwritable"
    assert not is_marked(engine, "b")
    with (
        pytest.raises(UnderstudyError),
        engine_on(database_url, directory, clock=Clock()) as again,
    ):
        # An entry beyond the end is no business of the cheap check at the start.
        again.run(marks("b"))


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("UPDATE meta SET value = 'another' WHERE name = 'installation_id'", SignatureInvalid),
        ("UPDATE meta SET value = 'another' WHERE name = 'installation_key_check'", KeyMismatch),
        ("DELETE FROM meta WHERE name = 'installation_key_check'", KeyMismatch),
        ("DELETE FROM meta WHERE name = 'installation_id'", LogForked),
    ],
)
def test_start_is_refused_after_facts_of_the_installation_were_changed(
    engine: StoreEngine,
    database_url: str,
    directory: Path,
    statement: str,
    error: type[UnderstudyError],
) -> None:
    change(database_url, statement)
    engine.close()
    with pytest.raises(error), engine_on(database_url, directory, clock=Clock()):
        pass


def test_log_without_its_installation_is_not_taken_for_a_new_one(
    engine: StoreEngine, database_url: str, directory: Path
) -> None:
    engine.close()
    (directory / "checkpoint").unlink()
    change(database_url, "DELETE FROM meta WHERE name = 'installation_id'")
    with (
        pytest.raises(LogForked, match="not the name of its installation"),
        engine_on(database_url, directory, clock=Clock()),
    ):
        pass


def test_empty_database_is_refused_by_a_node_that_knows_a_log(
    engine: StoreEngine, directory: Path, tmp_path: Path
) -> None:
    engine.close()
    with (
        pytest.raises(LogForked, match="knows a log of 4 entries"),
        engine_on(f"sqlite:///{tmp_path / 'empty.db'}", directory, clock=Clock()),
    ):
        pass


def test_checkpoint_by_a_foreign_key_is_refused(engine: StoreEngine, database_url: str) -> None:
    with engine.reading_log() as log:
        size, root = log.size(), log.tile(0, 0)[:32]
    foreign = Signer(name=engine.origin, seed=bytes(32))
    forged = sign_checkpoint(Checkpoint(origin=engine.origin, size=size, root=root), foreign)
    change(database_url, f"UPDATE log_head SET note = '{forged.decode()}'")
    with refusal_of(LogUnwritable, "log_unwritable"):
        engine.run(marks("b"))
    with refusal_of(SignatureInvalid, "signature_invalid"):
        engine.checkpoint()
    assert engine.verify().findings[0].code is FindingCode.HEAD_INVALID


def set_back(url: str, size: int) -> None:
    """Take the log back to one entry, with the checkpoint that was signed then."""
    change(url, f"DELETE FROM log_entries WHERE idx >= {size}")
    change(url, f"UPDATE log_tiles SET hashes = substr(hashes, 1, {32 * size})")


def test_log_that_was_set_back_is_refused_while_running_and_at_the_next_start(
    database_url: str, directory: Path
) -> None:
    with engine_on(database_url, directory, clock=Clock()) as engine:
        early = engine.checkpoint().decode()
        engine.run(marks("a", events=3))
        set_back(database_url, 1)
        change(database_url, f"UPDATE log_head SET note = '{early}'")
        with pytest.raises(LogUnwritable) as caught:
            engine.run(marks("b"))
        assert caught.value.internal is not None
        assert caught.value.internal.startswith("log_forked")
        report = engine.verify()
        assert FindingCode.LOG_TRUNCATED in [finding.code for finding in report.findings]
    with (
        pytest.raises(LogForked, match="but 4 were signed before"),
        engine_on(database_url, directory, clock=Clock()),
    ):
        pass


def test_damaged_log_can_be_opened_to_look_at_it_but_not_to_add_to_it(
    database_url: str, directory: Path
) -> None:
    with engine_on(database_url, directory, clock=Clock()) as engine:
        engine.run(marks("a", events=3))
    change(database_url, "UPDATE log_entries SET leaf = core_salt WHERE idx = 2")
    change(database_url, "DELETE FROM log_head")
    with engine_on(database_url, directory, clock=Clock(), require_sound_log=False) as engine:
        codes = {finding.code for finding in engine.verify().findings}
        assert {FindingCode.HEAD_MISSING, FindingCode.LEAF_MALFORMED} <= codes
        with refusal_of(LogUnwritable, "log_unwritable"):
            engine.run(marks("b"))


def test_history_that_was_rewritten_with_the_true_key_is_refused(
    tmp_path: Path, directory: Path
) -> None:
    # Two nodes of one key go on from the same copy: whoever has seen the one refuses the other.
    url, copy = f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
    with engine_on(url, directory, clock=Clock()) as engine:
        engine.run(marks("a"))
    shutil.copyfile(tmp_path / "one.db", tmp_path / "two.db")
    other = tmp_path / "other data"
    shutil.copytree(directory, other)
    with engine_on(copy, other, clock=Clock()) as engine:
        engine.run(marks("forged", events=5))
    with engine_on(url, directory, clock=Clock()) as engine:
        engine.run(marks("true", events=2))
    with (
        pytest.raises(LogForked, match="another history than was signed at 4"),
        engine_on(copy, directory, clock=Clock()),
    ):
        pass


def test_processes_that_share_a_directory_but_not_a_log_stop_adding(
    tmp_path: Path, directory: Path
) -> None:
    url, copy = f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
    with engine_on(url, directory, clock=Clock()):
        pass
    shutil.copyfile(tmp_path / "one.db", tmp_path / "two.db")
    ticks = iter(range(1000))
    timer = {"timer": lambda: float(next(ticks)), "clock": Clock()}
    with engine_on(url, directory, **timer) as one, engine_on(copy, directory, **timer) as two:
        one.run(marks("a"))
        two.run(marks("b"))
        with pytest.raises(LogUnwritable) as caught:
            two.run(marks("c"))
        assert caught.value.internal is not None
        assert caught.value.internal.startswith("log_forked")
        assert words_in_log(two) == ["b"]
