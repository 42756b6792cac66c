from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from understudy.service import outlet as module
from understudy.service.outlet import Outlet


@dataclass(frozen=True, kw_only=True)
class Pipe:
    """Both ends of a pipe; what is written to it waits for its reader."""

    reading: int
    writing: int

    def read(self) -> bytes:
        """What is there."""
        found = b""
        while select.select([self.reading], [], [], 0)[0]:
            chunk = os.read(self.reading, 65536)
            if not chunk:
                break
            found += chunk
        return found

    def fill(self) -> int:
        """Fill it up; answers with how much."""
        size = 0
        while select.select([], [self.writing], [], 0)[1]:
            size += os.write(self.writing, b"." * select.PIPE_BUF)
        return size


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    reading, writing = os.pipe()
    yield Pipe(reading=reading, writing=writing)
    for end in (reading, writing):
        try:
            os.close(end)
        except OSError:
            assert end == reading  # a test has closed it


def outlet(pipe: Pipe) -> Outlet:
    return Outlet(pipe.writing, notice=lambda count: b"lost %d\n" % count)


async def turn() -> None:
    """Let the loop finish what it has to do in this turn."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_soon(done.set)
    await done.wait()


async def test_lines_of_one_turn_are_written_at_once(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    write = os.write

    def noted(descriptor: int, content: bytes) -> int:
        if descriptor == pipe.writing:
            written.append(content)
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", noted)
    out = outlet(pipe)
    out.put(b"one\n")
    out.put(b"two\n")
    assert written == []
    await turn()
    assert written == [b"one\ntwo\n"]
    out.put(b"three\n")
    await turn()
    assert pipe.read() == b"one\ntwo\nthree\n"


async def test_nobody_waits_for_a_reader_who_does_not_read(pipe: Pipe) -> None:
    filled = pipe.fill()
    out = outlet(pipe)
    out.put(b"one\n")
    await turn()
    out.write("two\n")
    out.flush()
    assert pipe.read() == b"." * filled
    out.flush()
    assert pipe.read() == b"one\ntwo\n"


async def test_what_waits_is_written_by_itself_once_there_is_room(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    pipe.fill()
    out = outlet(pipe)
    out.put(b"one\n")
    await turn()
    pipe.read()
    async with asyncio.timeout(5):
        while (found := pipe.read()) == b"":
            await turn()
    assert found == b"one\n"


def test_what_finds_no_room_is_counted_and_told(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    pipe.fill()
    out = outlet(pipe)
    for number in range(5):
        out.write(f"line {number}\n")
        out.flush()
    pipe.read()
    out.flush()
    assert pipe.read() == b"line 0\nlost 4\n"


def test_a_long_line_comes_whole(pipe: Pipe) -> None:
    out = outlet(pipe)
    long = "x" * (select.PIPE_BUF * 2 + 7) + "\n"
    out.write("short\n")
    out.write(long)
    out.write("after\n")
    out.flush()
    assert pipe.read().decode() == f"short\n{long}after\n"


def test_closing_waits_for_a_reader_only_so_long(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.01)
    filled = pipe.fill()
    out = outlet(pipe)
    out.write("last\n")
    out.close()
    assert pipe.read() == b"." * filled
    out.close()
    assert pipe.read() == b"last\n"


def test_a_reader_who_is_gone_breaks_nothing(pipe: Pipe) -> None:
    os.close(pipe.reading)
    out = outlet(pipe)
    out.write("one\n")
    out.flush()
    out.close()
