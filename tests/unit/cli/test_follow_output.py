from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from understudy.cli.follow_output import FileOutput, StandardOutput, output_to


def test_lines_are_appended_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.ndjson"
    with closing(FileOutput(path)) as output:
        output.write(b"one\n")
        output.write(b"two\nthree\n")
    with closing(FileOutput(path)) as output:
        output.write(b"four\n")
    assert path.read_bytes() == b"one\ntwo\nthree\nfour\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        (b"", b""),
        (b"one\ntwo\n", b"one\ntwo\n"),
        (b"one\ntw", b"one\n"),
        (b"on", b""),
        (b"one\n" + b"x" * 200_000, b"one\n"),
        (b"x" * 200_000, b""),
    ],
)
def test_what_a_crash_left_of_half_a_line_is_cut_off(
    tmp_path: Path, left: bytes, kept: bytes
) -> None:
    path = tmp_path / "log.ndjson"
    path.write_bytes(left)
    with closing(FileOutput(path)) as output:
        output.write(b"next\n")
    assert path.read_bytes() == kept + b"next\n"


def test_a_rotated_file_is_left_alone_and_a_new_one_begun(tmp_path: Path) -> None:
    path, old = tmp_path / "log.ndjson", tmp_path / "log.ndjson.1"
    with closing(FileOutput(path)) as output:
        output.write(b"one\n")
        path.rename(old)
        output.write(b"two\n")
        path.rename(tmp_path / "log.ndjson.2")
        path.write_bytes(b"")
        output.write(b"three\n")
    assert [old.read_bytes(), path.read_bytes()] == [b"one\n", b"three\n"]
    assert (tmp_path / "log.ndjson.2").read_bytes() == b"two\n"


def test_a_file_that_was_truncated_by_its_rotation_goes_on_at_its_start(tmp_path: Path) -> None:
    path = tmp_path / "log.ndjson"
    with closing(FileOutput(path)) as output:
        output.write(b"one\n")
        os.truncate(path, 0)
        output.write(b"two\n")
    assert path.read_bytes() == b"two\n"


def test_a_new_file_that_cannot_be_opened_leaves_the_old_one_to_be_closed(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    with closing(FileOutput(folder / "log.ndjson")) as output:
        output.write(b"one\n")
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(FileNotFoundError):
            output.write(b"two\n")
        (tmp_path / "elsewhere").rename(folder)
        output.write(b"two\n")
    assert (folder / "log.ndjson").read_bytes() == b"one\ntwo\n"


def full_after(count: int) -> Callable[[int, bytes], int]:
    """A disk that takes so many more bytes."""
    real, left = os.write, [count]

    def write(descriptor: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = real(descriptor, data[: left[0]])
        left[0] -= written
        return written

    return write


def test_a_full_disk_leaves_no_half_of_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.ndjson"
    with closing(FileOutput(path)) as output:
        output.write(b"one\n")
        with monkeypatch.context() as patched:
            patched.setattr(os, "write", full_after(6))
            with pytest.raises(OSError, match="No space left"):
                output.write(b"two\nthree\n")
        assert path.read_bytes() == b"one\n"
        output.write(b"two\nthree\n")
    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_what_is_no_regular_file_is_written_to_as_it_is() -> None:
    with closing(FileOutput(Path(os.devnull))) as output:
        output.write(b"one\n")


def test_a_file_that_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        FileOutput(tmp_path / "nowhere" / "log.ndjson")
    assert missing.value.filename == str(tmp_path / "nowhere" / "log.ndjson")


def test_standard_output_gets_the_bytes_at_once(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with closing(output_to(None)) as output:
        assert isinstance(output, StandardOutput)
        output.write(b"one\n")
        assert capfdbinary.readouterr().out == b"one\n"
