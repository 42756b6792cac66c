"""Receipts, checkpoints and exports as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from understudy.cli.installation import DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, err, print_json
from understudy.errors import InvalidInput, NotFound


def receipt(
    *,
    index: Annotated[int, typer.Argument(min=0, help="The entry's index.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Else to stdout.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Print an entry's C2SP tlog-proof, which verifies offline with the log's key."""
    with opened(data_dir, database_url) as engine, engine.reading() as reader:
        entry = reader.entries.get(index)
        if entry is None:
            raise NotFound(f"The log has no entry {index}.")
        text = engine.receipt(index).to_bytes()
        keys = [verifier.to_text() for verifier in engine.verifiers()]
    if as_json:
        leaf, proof = entry.leaf.decode(), text.decode()
        print_json({"index": index, "leaf": leaf, "receipt": proof, "verifier_keys": keys})
    else:
        write([text], output, total=1)


def checkpoint(
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Else to stdout.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Print the signed checkpoint. Keep one elsewhere: later it proves that nothing was changed."""
    with opened(data_dir, database_url) as engine:
        note = engine.checkpoint()
        keys = [verifier.to_text() for verifier in engine.verifiers()]
    if as_json:
        print_json({"checkpoint": note.decode(), "verifier_keys": keys})
        return
    write([note], output, total=1)
    for key in keys:
        err.print(f"key: {key}", markup=False)


def write(lines: Iterable[bytes], output: Path | None, *, total: int) -> int:
    """Write ``lines`` to a file or standard output; answers how many there were.

    :raises InvalidInput: when the file cannot be written.
    """
    if output is None:
        return _write_to(sys.stdout.buffer.write, lines)
    try:
        with output.open("wb") as file:
            quiet = not err.is_terminal
            shown = track(
                lines, "Exporting …", total=total + 1, console=err, transient=True, disable=quiet
            )
            return _write_to(file.write, shown)
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror}.") from error


def in_utc(time: datetime | None) -> datetime | None:
    """A time typed without a zone, taken as UTC."""
    return None if time is None else time.replace(tzinfo=UTC)


def _write_to(write_bytes: object, lines: Iterable[bytes]) -> int:
    count = 0
    for line in lines:
        write_bytes(line)  # type: ignore[operator]
        count += 1
    return count
