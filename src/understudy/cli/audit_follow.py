"""``understudy audit follow``: the log as a stream of lines that goes on where it stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from understudy.cli.follow_output import Output, output_to
from understudy.cli.follow_state import FollowState, only_one
from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened
from understudy.cli.output import fail
from understudy.core.notices.events import Event, EventType
from understudy.core.ports import Entry
from understudy.errors import InvalidInput
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.exports import LineKind, line_of

STANDARD_OUTPUT = "-"


def follow(
    *,
    kind: Annotated[LineKind, typer.Option("--format")] = LineKind.NDJSON,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="- is standard output.")
    ] = STANDARD_OUTPUT,
    after: Annotated[
        int, typer.Option(min=-1, help="Begin after this entry, unless a state says otherwise.")
    ] = -1,
    state: Annotated[
        Path | None,
        typer.Option(help="Where to remember how far it came; FILE.state beside a file."),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write every entry as one line, oldest first, and go on as new ones come, until stopped.

    Each entry comes at least once, and again only after a crash. The file may be rotated.
    """
    file = None if output == STANDARD_OUTPUT else Path(output)
    if state is None and file is not None:
        state = file.with_name(f"{file.name}.state")
    with opened(data_dir, database_url) as engine, ExitStack() as stack:
        try:
            if state is not None:
                stack.enter_context(only_one(state))
            memory = None if state is None else FollowState(state, origin=engine.origin)
            begin = _beginning(engine, memory, after)
            sink = stack.enter_context(closing(output_to(file)))
        except OSError as error:
            raise InvalidInput(f"{error.filename} cannot be used: {error.strerror}.") from error
        stop = stack.enter_context(_stopped_by_signals())
        stream = Stream(engine, kind, sink, memory, stop)
        stream.run(begin)
    if stream.failure is not None and not isinstance(stream.failure, BrokenPipeError):
        fail(
            f"{output} cannot be written: {stream.failure.strerror}. "
            "Start again to go on from there."
        )


class Stream:
    """Hands entries from the log's follower to the output, and remembers how far it came.

    Whatever cannot be written ends it: whoever started it sees that, and starts it again.
    """

    def __init__(
        self,
        engine: StoreEngine,
        kind: LineKind,
        output: Output,
        state: FollowState | None,
        stop: threading.Event,
    ) -> None:
        self.failure: OSError | None = None
        self._engine = engine
        self._kind = kind
        self._source = engine.source
        self._output = output
        self._state = state
        self._stop = stop

    def run(self, after: int) -> None:
        """Go on until something says to stop; what was begun is finished first."""
        self._engine.run(lambda unit: unit.record(self._told(after)))
        follower = self._engine.follower(self.write, lambda _: None, types=frozenset())
        follower.start(after=after)
        try:
            self._stop.wait()
        finally:
            follower.stop()

    def write(self, entries: Sequence[Entry]) -> None:
        """Hand over, and only then remember; nothing more once that has failed."""
        if self.failure is not None:
            return
        try:
            self._output.write(b"".join(line_of(one, self._kind, self._source) for one in entries))
            if self._state is not None:
                self._state.save(entries[-1].index)
        except OSError as error:
            self.failure = error
            self._stop.set()

    def _told(self, after: int) -> Event:
        details = {"format": self._kind.value, "follow": True, "after": after}
        return Event(type=EventType.AUDIT_EXPORTED, actor=COMMAND_LINE, details=details)


def _beginning(engine: StoreEngine, memory: FollowState | None, after: int) -> int:
    remembered = None if memory is None else memory.read()
    begin = after if remembered is None else remembered
    with engine.reading() as reader:
        size = reader.entries.size()
    if begin >= size:
        raise InvalidInput(
            f"Entry {begin} is not in the log, which has {size}. Was an older copy restored?"
        )
    return begin


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, in place of ending the process in mid-line."""
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, handle) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
