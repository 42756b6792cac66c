from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.audit.tlog.checkpoint import Checkpoint, sign_checkpoint
from understudy.audit.tlog.note import Signer
from understudy.errors import KeyUnsafe, LogForked, SetupError
from understudy.storage.data_directory import DataDirectory, HighWater

SIGNER = Signer(name="understudy.local/test", seed=bytes(32))


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


def note(size: int, *, root: bytes = bytes(32), origin: str = "understudy.local/test") -> bytes:
    return sign_checkpoint(Checkpoint(origin=origin, size=size, root=root), SIGNER)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_directory_and_key_file_are_for_their_owner_alone(directory: DataDirectory) -> None:
    directory.installation_key(random=os.urandom)
    assert mode(directory.path) == 0o700
    assert mode(directory.path / "installation.key") == 0o600


def test_key_is_drawn_once_and_read_from_then_on(directory: DataDirectory) -> None:
    key = directory.installation_key(random=os.urandom)
    assert DataDirectory(directory.path).installation_key(random=os.urandom) == key
    assert (directory.path / "installation.key").read_text() == key.to_text() + "\n"
    assert [path.name for path in directory.path.iterdir()] == ["installation.key"]


def test_starters_at_the_same_moment_agree_on_one_key(directory: DataDirectory) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(lambda _: directory.installation_key(random=os.urandom), range(16)))
    assert len({key.secret for key in keys}) == 1
    assert [path.name for path in directory.path.iterdir()] == ["installation.key"]


@pytest.mark.parametrize("permissions", [0o640, 0o604, 0o620, 0o602, 0o660, 0o644, 0o666, 0o610])
def test_key_file_that_others_can_use_is_refused_with_the_cure(
    directory: DataDirectory, permissions: int
) -> None:
    directory.installation_key(random=os.urandom)
    path = directory.path / "installation.key"
    path.chmod(permissions)
    with pytest.raises(KeyUnsafe) as caught:
        directory.installation_key(random=os.urandom)
    assert caught.value.code == "key_unsafe"
    assert f"chmod 600 {path}" in caught.value.detail


@pytest.mark.parametrize("permissions", [0o720, 0o702, 0o777])
def test_directory_that_others_can_write_is_refused_with_the_cure(
    tmp_path: Path, permissions: int
) -> None:
    path = tmp_path / "data"
    path.mkdir()
    path.chmod(permissions)
    with pytest.raises(KeyUnsafe) as caught:
        DataDirectory(path)
    assert f"chmod go-w {path}" in caught.value.detail


def test_directory_that_others_can_read_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.mkdir()
    path.chmod(0o755)
    DataDirectory(path).installation_key(random=os.urandom)
    assert mode(path / "installation.key") == 0o600


def test_key_file_without_a_key_is_refused(directory: DataDirectory) -> None:
    path = directory.path / "installation.key"
    path.touch(mode=0o600)
    with pytest.raises(SetupError, match="64 hexadecimal"):
        directory.installation_key(random=os.urandom)


def test_file_in_the_directorys_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(SetupError, match="cannot be used"):
        DataDirectory(tmp_path / "data")


def test_key_that_cannot_be_written_leaves_nothing_behind(
    directory: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SetupError, match="No space left on device"):
        directory.installation_key(random=os.urandom)
    assert list(directory.path.iterdir()) == []


def test_high_water_begins_empty(directory: DataDirectory) -> None:
    assert directory.high_water().read() is None


def test_high_water_keeps_the_note_as_it_is(directory: DataDirectory) -> None:
    directory.high_water().advance(note(7))
    assert directory.high_water().read() == Checkpoint(
        origin="understudy.local/test", size=7, root=bytes(32)
    )
    assert (directory.path / "checkpoint").read_bytes() == note(7)
    assert [path.name for path in directory.path.iterdir()] == ["checkpoint"]


@given(sizes=st.lists(st.integers(min_value=0, max_value=50), min_size=1, max_size=6))
def test_high_water_only_ever_rises(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    high_water = HighWater(tmp_path_factory.mktemp("data") / "checkpoint")
    for done, size in enumerate(sizes, start=1):
        high_water.advance(note(size))
        held = high_water.read()
        assert held is not None
        assert held.size == max(sizes[:done])


def test_another_root_at_the_same_size_is_a_fork(directory: DataDirectory) -> None:
    high_water = directory.high_water()
    high_water.advance(note(7))
    with pytest.raises(LogForked) as caught:
        high_water.advance(note(7, root=b"\x01" * 32))
    assert caught.value.code == "log_forked"
    assert (directory.path / "checkpoint").read_bytes() == note(7)


@pytest.mark.parametrize("size", [6, 7, 8])
def test_another_log_is_a_fork_whatever_its_size(directory: DataDirectory, size: int) -> None:
    directory.high_water().advance(note(7))
    with refusal_of(LogForked, "log_forked"):
        directory.high_water().advance(note(size, origin="understudy.local/other"))


def test_high_water_that_is_no_checkpoint_is_refused(directory: DataDirectory) -> None:
    (directory.path / "checkpoint").write_text("nonsense")
    with pytest.raises(SetupError, match="is not a checkpoint"):
        directory.high_water().read()
    with pytest.raises(SetupError, match="is not a checkpoint"):
        directory.high_water().advance(note(1))


def test_advances_of_many_at_once_leave_the_highest(directory: DataDirectory) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda size: directory.high_water().advance(note(size)), range(64)))
    held = directory.high_water().read()
    assert held is not None
    assert held.size == 63
    assert [path.name for path in directory.path.iterdir()] == ["checkpoint"]


def test_a_key_that_is_known_is_read_and_none_is_made(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "data")
    with refusal_of(SetupError, "setup_error"):
        directory.known_key()
    made = directory.installation_key(random=os.urandom)
    assert directory.known_key() == made


def test_where_a_node_was_last_started_is_known_to_those_beside_it(
    directory: DataDirectory,
) -> None:
    assert directory.served_at() is None
    for url in ("http://localhost:8700", "http://localhost:9000"):
        directory.note_served_at(url)
        assert directory.served_at() == url
