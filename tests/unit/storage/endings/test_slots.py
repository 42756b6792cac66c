from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from tests.fixtures.endings import ending, keyed_hash, other_hash
from understudy.storage.endings.slots import SLOT_BYTES, SlotFile, peek


def made(folder: Path) -> SlotFile:
    return SlotFile.made(folder / "one.slots", keyed_hash, slots=4)


def test_every_slot_is_written_when_the_file_is_made(tmp_path: Path) -> None:
    file = made(tmp_path)
    found = file.path.stat()
    assert (found.st_size, found.st_blocks * 512 >= found.st_size) == (4 * SLOT_BYTES, True)
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert file.room() == 4
    file.close()


def test_what_was_put_is_there_for_whoever_opens_it_next(tmp_path: Path) -> None:
    file, first, second = made(tmp_path), ending(), ending()
    file.put(first)
    file.put(second)
    assert peek(file.path, keyed_hash) == (first, second)
    file.close()
    again = SlotFile(file.path, keyed_hash)
    assert again.endings == (first, second)
    assert again.room() == 2
    again.close()


def test_a_cleared_slot_is_free_and_zero(tmp_path: Path) -> None:
    file, first, second = made(tmp_path), ending(), ending()
    file.put(first)
    file.put(second)
    file.clear(frozenset({first.id}))
    assert file.endings == (second,)
    assert file.path.read_bytes()[:SLOT_BYTES] == bytes(SLOT_BYTES)
    file.put(third := ending())
    assert peek(file.path, keyed_hash) == (third, second)
    file.close()


def test_a_file_has_one_holder(tmp_path: Path) -> None:
    file = made(tmp_path)
    with pytest.raises(BlockingIOError) as refused:
        SlotFile(file.path, keyed_hash)
    assert refused.value.errno == errno.EAGAIN
    file.close()
    SlotFile(file.path, keyed_hash).close()


def test_what_was_cut_off_or_is_another_installations_counts_for_nothing(tmp_path: Path) -> None:
    file = made(tmp_path)
    file.put(ending())
    assert peek(file.path, other_hash) == ()
    descriptor = os.open(file.path, os.O_WRONLY)
    os.pwrite(descriptor, b"torn", 100)
    os.close(descriptor)
    assert peek(file.path, keyed_hash) == ()
    file.close()


def test_nothing_is_left_behind_where_there_was_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as refused:
        made(tmp_path)
    assert refused.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []
