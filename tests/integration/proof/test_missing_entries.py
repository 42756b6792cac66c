"""Entries that are removed, put elsewhere, slipped in or cut off at the end, and histories."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Set
from pathlib import Path

import psycopg
import pytest

from tests.integration.proof.place import Place, Sql
from tests.integration.proof.process import command, verified
from tests.integration.proof.written_log import TABLES, WrittenLog
from understudy.audit.entries.findings import FindingCode
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.audit.tlog.tile import TileTree

Attack = Callable[[Sql, WrittenLog, random.Random], Set[int | None]]
"""Does something to the log, and answers which indexes verification should name."""

PAYLOADS = ("core", "core_salt", "personal", "personal_salt")
BEYOND = 1 << 40


def remove_one(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    index = chance.randrange(log.size)
    sql.change("DELETE FROM log_entries WHERE idx = ?", index)
    return {index}


def remove_the_first(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    sql.change("DELETE FROM log_entries WHERE idx = 0")
    return {0}


def remove_some(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    indexes = set(chance.sample(range(0, log.size, 2), 20))
    for index in indexes:
        sql.change("DELETE FROM log_entries WHERE idx = ?", index)
    return {*indexes}


def remove_a_run_with_its_tile(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    first = chance.randrange(200, 256)
    sql.change("DELETE FROM log_entries WHERE idx BETWEEN ? AND 300", first)
    sql.change("DELETE FROM log_tiles WHERE level = 0 AND tile_index = 1")
    return {first, None}


def remove_the_erasure(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    (index,) = sql.rows("SELECT max(idx) FROM log_entries WHERE type = 'audit.erased'")[0]
    erased = sql.rows("SELECT idx FROM log_entries WHERE personal IS NULL")
    sql.change("DELETE FROM log_entries WHERE idx = ?", index)
    return {index, *(row[0] for row in erased)}


def forget_without_an_erasure(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    rows = sql.rows("SELECT idx FROM log_entries WHERE personal IS NOT NULL")
    (index,) = chance.choice(rows)
    sql.change("UPDATE log_entries SET personal = NULL, personal_salt = NULL WHERE idx = ?", index)
    return {index}


def forget_an_entry_whole(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    index = chance.randrange(log.size)
    kept = {"idx", "leaf", "time_ms", "type"}
    names = ", ".join(f"{name} = NULL" for name in columns_of_entries(sql) if name not in kept)
    sql.change(f"UPDATE log_entries SET {names} WHERE idx = ?", index)
    return {index}


def swap_two(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    one, other = chance.sample(range(log.size), 2)
    for old, new in ((one, BEYOND), (other, one), (BEYOND, other)):
        sql.change("UPDATE log_entries SET idx = ? WHERE idx = ?", new, old)
    return {one, other}


def swap_neighbours(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    one = chance.randrange(log.size - 1)
    for old, new in ((one, BEYOND), (one + 1, one), (BEYOND, one + 1)):
        sql.change("UPDATE log_entries SET idx = ? WHERE idx = ?", new, old)
    return {one, one + 1}


def swap_payloads(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    return swap(sql, log, chance, PAYLOADS)


def swap_all_but_payloads(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    names = [name for name in columns_of_entries(sql) if name not in ("idx", *PAYLOADS)]
    return swap(sql, log, chance, names)


def swap_leaves(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    return swap(sql, log, chance, ["leaf"])


def swap_leaves_and_their_hashes(
    sql: Sql, log: WrittenLog, chance: random.Random
) -> Set[int | None]:
    """Two entries of the first tile change places together with their hashes in it."""
    one, other = sorted(chance.sample(range(256), 2))
    for old, new in ((one, BEYOND), (other, one), (BEYOND, other)):
        sql.change("UPDATE log_entries SET idx = ? WHERE idx = ?", new, old)
    hashes = bytes(
        sql.rows("SELECT hashes FROM log_tiles WHERE level = 0 AND tile_index = 0")[0][0]
    )
    parts = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    parts[one], parts[other] = parts[other], parts[one]
    change = "UPDATE log_tiles SET hashes = ? WHERE level = 0 AND tile_index = 0"
    sql.change(change, b"".join(parts))
    return {None}


def repeat_an_entry_at_the_end(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    copy(sql, chance.randrange(log.size), log.size)
    return {log.size}


def repeat_an_entry_far_beyond(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    copy(sql, chance.randrange(log.size), BEYOND)
    return {BEYOND}


def slip_one_in_before_the_first(
    sql: Sql, log: WrittenLog, chance: random.Random
) -> Set[int | None]:
    copy(sql, chance.randrange(log.size), -1)
    return {-1}


def slip_one_in(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    """An entry in the middle, and all after it one place further on."""
    index = chance.randrange(1, log.size)
    source = chance.choice([at for at in range(log.size) if at != index])
    copy(sql, source, BEYOND)
    sql.change("UPDATE log_entries SET idx = -idx WHERE idx >= ? AND idx < ?", index, BEYOND)
    sql.change("UPDATE log_entries SET idx = 1 - idx WHERE idx < 0")
    sql.change("UPDATE log_entries SET idx = ? WHERE idx = ?", index, BEYOND)
    return {index, log.size}


def put_in_the_place_of_another(
    sql: Sql, log: WrittenLog, chance: random.Random
) -> Set[int | None]:
    one, other = chance.sample(range(log.size), 2)
    sql.change("DELETE FROM log_entries WHERE idx = ?", one)
    copy(sql, other, one)
    return {one}


def add_a_tile(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    level, tile_index = chance.choice([(0, 3), (0, 1000), (1, 1), (2, 0), (63, 0)])
    statement = "INSERT INTO log_tiles (level, tile_index, hashes) VALUES (?, ?, ?)"
    sql.change(statement, level, tile_index, chance.randbytes(32))
    return {None}


def cut_the_end_off(sql: Sql, log: WrittenLog, chance: random.Random) -> Set[int | None]:
    first = chance.randrange(1, log.size)
    sql.change("DELETE FROM log_entries WHERE idx >= ?", first)
    return {first}


def cut_the_end_off_with_its_tiles(
    sql: Sql, log: WrittenLog, chance: random.Random
) -> Set[int | None]:
    sql.change("DELETE FROM log_entries WHERE idx >= 256")
    sql.change("DELETE FROM log_tiles WHERE level > 0 OR tile_index > 0")
    return {256, None}


def cut_the_end_off_under_an_older_checkpoint(
    sql: Sql, log: WrittenLog, chance: random.Random
) -> Set[int | None]:
    sql.change("DELETE FROM log_entries WHERE idx >= ?", log.early_size)
    sql.change("UPDATE log_head SET note = ?", log.early.decode())
    return {0}


def swap(
    sql: Sql, log: WrittenLog, chance: random.Random, names: list[str] | tuple[str, ...]
) -> Set[int | None]:
    """Two entries of different content swap some of their columns."""
    chosen = ", ".join(names)
    (one, *first), (other, *second) = chance.sample(
        sql.rows(f"SELECT idx, {chosen} FROM log_entries WHERE personal IS NOT NULL"), 2
    )
    assert first != second
    assigned = ", ".join(f"{name} = ?" for name in names)
    sql.change(f"UPDATE log_entries SET {assigned} WHERE idx = ?", *second, one)
    sql.change(f"UPDATE log_entries SET {assigned} WHERE idx = ?", *first, other)
    return {one, other}


def copy(sql: Sql, index: int, to: int) -> None:
    """The same entry once more, at another index."""
    names = ", ".join(name for name in columns_of_entries(sql) if name != "idx")
    sql.change(
        f"INSERT INTO log_entries (idx, {names}) "
        f"SELECT CAST(? AS BIGINT), {names} FROM log_entries WHERE idx = ?",
        to,
        index,
    )


def columns_of_entries(sql: Sql) -> list[str]:
    return sql.names("SELECT * FROM log_entries")


ATTACKS: tuple[Attack, ...] = (
    remove_one,
    remove_the_first,
    remove_some,
    remove_a_run_with_its_tile,
    remove_the_erasure,
    forget_without_an_erasure,
    forget_an_entry_whole,
    swap_two,
    swap_neighbours,
    swap_payloads,
    swap_all_but_payloads,
    swap_leaves,
    swap_leaves_and_their_hashes,
    repeat_an_entry_at_the_end,
    repeat_an_entry_far_beyond,
    slip_one_in_before_the_first,
    slip_one_in,
    put_in_the_place_of_another,
    add_a_tile,
    cut_the_end_off,
    cut_the_end_off_with_its_tiles,
    cut_the_end_off_under_an_older_checkpoint,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_entries_that_are_not_where_they_were_are_named(
    log: WrittenLog, attack: Attack, chance: random.Random
) -> None:
    with log.place.sql() as sql:
        sql.drop_checks(TABLES)
        for _ in range(3):
            blamed = attack(sql, log, chance)
            report = log.verify()
            assert not report.ok
            assert blamed <= {finding.index for finding in report.findings}, (
                blamed,
                report.findings[:5],
            )
            log.restore()
    assert log.verify().ok


def test_command_line_names_the_entry_and_ends_with_an_error(
    log: WrittenLog, chance: random.Random
) -> None:
    index = chance.randrange(log.size)
    with log.place.sql() as sql:
        sql.change("UPDATE log_entries SET time_ms = time_ms + 1 WHERE idx = ?", index)
    ran = command(log.place, "audit", "verify")
    assert ran.returncode == 1
    assert f"entry {index}: not what the entry says: time_ms (column_mismatch)" in ran.stderr
    assert "NOT VERIFIED" in ran.stdout


def test_checkpoint_adapted_to_fewer_entries_is_not_taken_for_a_signed_one(
    log: WrittenLog,
) -> None:
    size = 256
    with log.engine.reading_log() as stored:
        root = TileTree(reader=stored, size=log.size).root(size)
    signature = log.latest[log.latest.index(b"\n\n") :]
    text = Checkpoint(origin=log.engine.origin, size=size, root=root).to_text().encode()
    with log.place.sql() as sql:
        sql.change("DELETE FROM log_entries WHERE idx >= ?", size)
        sql.change("DELETE FROM log_tiles WHERE level = 0 AND tile_index > 0")
        sql.change("UPDATE log_tiles SET hashes = substr(hashes, 1, 32) WHERE level = 1")
        sql.change("UPDATE log_head SET note = ?", (text.rstrip(b"\n") + signature).decode())
    codes = {finding.code for finding in log.verify().findings}
    # Some payloads are missing too, as the entry about their erasure is gone.
    assert codes - {FindingCode.PAYLOAD_MISSING} == {FindingCode.HEAD_INVALID}


def test_log_set_back_whole_is_found_by_the_checkpoint_in_the_data_directory(
    log: WrittenLog,
) -> None:
    log.restore(as_of="early")
    # Nothing in the database tells: only what somebody remembers does.
    assert log.verify().ok
    report = verified(log.place)
    assert report["ok"] is False
    assert [(found["code"], found["message"]) for found in report["findings"]] == [
        (FindingCode.LOG_TRUNCATED, truncated(log))
    ]


def test_log_that_is_gone_is_found_by_the_checkpoint_in_the_data_directory(
    log: WrittenLog,
) -> None:
    with log.place.sql() as sql:
        for table in TABLES:
            sql.change(f"DELETE FROM {table}")
    with log.place.engine() as engine:
        codes = [finding.code for finding in engine.verify().findings]
    assert codes == [FindingCode.LOG_TRUNCATED]


def test_log_set_back_with_its_data_directory_is_found_by_a_checkpoint_kept_elsewhere(
    log: WrittenLog, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(log.latest)
    log.restore(as_of="early")
    report = verified(log.place, "--checkpoint", str(kept), data_dir=log.place.folder / "forgetful")
    assert [(found["code"], found["message"]) for found in report["findings"]] == [
        (FindingCode.LOG_TRUNCATED, truncated(log))
    ]


def test_log_that_only_grew_agrees_with_every_checkpoint_kept_before(
    log: WrittenLog, tmp_path: Path
) -> None:
    words = []
    for name, note in (("early", log.early), ("latest", log.latest)):
        (tmp_path / name).write_bytes(note)
        words += ["--checkpoint", str(tmp_path / name)]
    assert verified(log.place, *words)["ok"] is True


def test_second_checkpoint_is_refused_by_the_database(place: Place) -> None:
    with (
        place.sql() as sql,
        pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)),
    ):
        sql.change("INSERT INTO log_head (id, note) SELECT 2, note FROM log_head")


def truncated(log: WrittenLog) -> str:
    return f"{log.size} entries were signed before, {log.early_size} are left"
