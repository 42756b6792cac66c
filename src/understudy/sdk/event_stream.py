"""Server-sent events (WHATWG HTML, section 9.2) of the service, as news of sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from understudy.errors import Unavailable
from understudy.sdk.values import Beat, News, RulesChanged, SessionClosed
from understudy.sdk.wire import read_cause, read_object

MAX_EVENT = 65_536
"""Bytes without the end of an event after which the stream is given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerEvent:
    """One event of a stream. ``id`` is the last one that was set (section 9.2.6)."""

    type: str
    data: str
    id: str | None


def read_news(chunks: Iterable[bytes]) -> Iterator[News]:
    """Beats, endings and changes of rules; what else a stream holds is for somebody else.

    :raises Unavailable: the stream cannot be understood.
    """
    # Late, as only a process that follows a stream needs to know what kinds of entries there are.
    from understudy.core.notices.event_sets import SESSION_OVER

    for event in read_events(chunks):
        if event.type == "heartbeat":
            yield Beat(index=read_object(event.data).number("index"))
        elif event.type == "session":
            fields = read_object(event.data)
            if fields.text("type") in SESSION_OVER:
                yield SessionClosed(
                    session_id=fields.text("session_id"),
                    cause=read_cause(fields.optional_text("cause")),
                    event_id=event.id,
                )
        elif event.type == "rules":
            yield RulesChanged(event_id=event.id)


def read_events(chunks: Iterable[bytes]) -> Iterator[ServerEvent]:
    """The events in a stream, cut wherever the network cut it."""
    kind, last_id = "", None
    data: list[str] = []
    size = 0
    for line in _lines(chunks):
        size = size + len(line) if line else 0
        if size > MAX_EVENT:
            raise Unavailable(internal="an event without an end")
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if line == "":
            if data:
                yield ServerEvent(type=kind or "message", data="\n".join(data), id=last_id)
            kind, data = "", []
        elif name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id" and "\x00" not in value:
            last_id = value


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        rest += chunk
        # A CR at the very end may be the first half of a CRLF.
        complete = rest[:-1] if rest.endswith(b"\r") else rest
        held = rest[len(complete) :]
        *lines, tail = complete.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace")
        rest = tail + held
        if len(rest) > MAX_EVENT:
            raise Unavailable(internal="an event without an end")
