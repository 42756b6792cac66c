"""Whoever follows the log gets every entry, in order, whatever happens to the follower."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.integration.proof.load import Load, Told
from tests.integration.proof.place import Place
from tests.integration.proof.process import SECONDS, Service, command, environment_of
from understudy.core.ports import EntryFilter
from understudy.storage.log.exports import LineKind, line_of

KILLS = 6


@contextmanager
def following(place: Place, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """``understudy audit follow`` in a process of its own; killed at the end, if not before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "understudy", "audit", "follow", *words],
        env=environment_of(place, place.data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> tuple[bytes, bytes]:
    """End it in order; what it still wrote to its output and said."""
    process.send_signal(number)
    written, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    return written, said


def until(condition: Callable[[], bool]) -> None:
    """Return as soon as it is so."""
    for _ in range(round(SECONDS / 0.01)):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came to that")


def next_line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def lines(*files: Path) -> list[bytes]:
    content = b"".join(file.read_bytes() for file in files)
    assert content.endswith(b"\n")
    return content.splitlines(keepends=True)


def indexes(found: Sequence[bytes]) -> list[int]:
    return [json.loads(line)["index"] for line in found]


def size_of(place: Place) -> int:
    with place.engine() as engine, engine.reading() as reader:
        return reader.entries.size()


def reached(path: Path) -> int:
    """The index in the last whole line of a file."""
    tail = path.read_bytes()[-100_000:] if path.exists() else b""
    whole = tail[: tail.rfind(b"\n") + 1].splitlines()
    return int(json.loads(whole[-1])["index"]) if whole else -1


@contextmanager
def loaded(service: Service, chance: random.Random) -> Iterator[Load]:
    """Calls from several threads, for as long as the block takes."""
    load = Load(service, Told(), chance)
    load.start()
    try:
        yield load
    finally:
        load.stop()


def test_nothing_is_lost_however_often_the_follower_is_killed_and_its_file_rotated(
    place: Place, chance: random.Random, tmp_path: Path
) -> None:
    output = tmp_path / "log.ndjson"
    rotated = [tmp_path / f"log.ndjson.{number}" for number in range(2)]
    with Service(place) as service:
        for number in range(KILLS):
            with (
                following(place, "--output", str(output)) as follower,
                loaded(service, chance) as load,
            ):
                load.wait_for(chance.randrange(5, 20))
                wanted = size_of(place) - 1
                until(lambda wanted=wanted: reached(output) >= wanted)  # type: ignore[misc]
                if number in (2, 5):
                    output.rename(rotated[number // 4])
                    until(output.exists)
                threading.Event().wait(chance.uniform(0, 0.02))  # the random moment itself
                follower.kill()
        service.stop()
    last = size_of(place)
    with following(place, "--output", str(output)) as follower:
        until(lambda: reached(output) >= last)
        stop(follower)
    found = lines(*rotated, output)
    order = indexes(found)
    assert sorted(set(order)) == list(range(last + 1))
    # What comes again is what was written since the state was: it never jumps ahead.
    assert all(after <= before + 1 for before, after in pairwise(order))
    with place.engine() as engine:
        stored = {
            entry.index: line_of(entry, LineKind.NDJSON, engine.source)
            for entry in engine.stream_entries(EntryFilter())
            if entry.core is not None
        }
    # What the place was set up with is old: the service may erase it before or after it is told.
    assert len(stored) > last / 2
    for line, index in zip(found, order, strict=True):
        assert line == stored.get(index, line)


def test_stopped_in_order_it_goes_on_with_the_very_next_entry(place: Place, tmp_path: Path) -> None:
    words = ("--output", "-", "--state", str(tmp_path / "there.state"))
    seen: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        expected = size_of(place)
        with following(place, *words) as follower:
            while not seen or seen[-1] < expected:
                seen.append(next_line(follower)["index"])
            rest, _ = stop(follower, number)
            seen += indexes(rest.splitlines())
    assert seen == list(range(size_of(place)))


def test_it_begins_after_the_entry_that_was_named_and_says_who_took_the_log(place: Place) -> None:
    last = size_of(place) - 1
    with following(place, "--after", str(last - 1), "--format", "ocsf") as follower:
        first, own = next_line(follower), next_line(follower)
        stop(follower)
    assert [one["metadata"]["sequence"] for one in (first, own)] == [last, last + 1]
    assert own["metadata"]["event_code"] == "audit.exported"
    details = own["unmapped"]["understudy"]["details"]
    assert details == {"after": last - 1, "follow": True, "format": "ocsf"}


def test_it_ends_quietly_when_nobody_reads_any_more(place: Place) -> None:
    with following(place) as follower:
        next_line(follower)
        assert follower.stdout is not None
        follower.stdout.close()
        follower.stdout = None
        command(place, "audit", "export", "--format", "csv")
        _, said = follower.communicate(timeout=SECONDS)
    assert (follower.returncode, said) == (0, b"")


def test_a_file_that_can_no_longer_be_written_ends_it_with_a_sentence(
    place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    output = folder / "log.cef"
    with following(place, "--output", str(output), "--format", "cef") as follower:
        until(lambda: output.exists() and output.stat().st_size > 0)
        folder.rename(tmp_path / "elsewhere")
        command(place, "audit", "export", "--format", "csv")
        _, said = follower.communicate(timeout=SECONDS)
    assert follower.returncode == 1
    assert b"cannot be written" in said
    assert b"Traceback" not in said
    os.rename(tmp_path / "elsewhere", folder)
    with following(place, "--output", str(output), "--format", "cef") as follower:
        index = size_of(place) - 1
        until(lambda: f"externalId={index} ".encode() in output.read_bytes())
        stop(follower)
    told = [line.partition(b"externalId=")[2].split()[0] for line in lines(output)]
    assert sorted({int(one) for one in told}) == list(range(size_of(place)))


def test_two_followers_do_not_write_the_same_file(place: Place, tmp_path: Path) -> None:
    output = tmp_path / "log.ndjson"
    with following(place, "--output", str(output)) as follower:
        until(lambda: output.exists() and output.stat().st_size > 0)
        second = command(place, "audit", "follow", "--output", str(output))
        assert second.returncode == 1
        assert "Another follower uses" in second.stderr
        stop(follower)
