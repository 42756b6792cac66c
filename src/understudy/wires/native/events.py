"""The stream by which guards and dashboards hear of sessions at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from starlette.responses import Response, StreamingResponse

from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import InvalidInput, UnderstudyError
from understudy.http.access import operator_or_application
from understudy.http.authentication import authenticated, credentials, require_access
from understudy.http.call import Call
from understudy.http.endpoint import API, Answered, Endpoint, RateClass
from understudy.http.presence import require_present
from understudy.http.principal import ApplicationPrincipal, OperatorPrincipal
from understudy.http.query import NoQuery
from understudy.http.stream import TYPES, EndingNews, Heartbeat, Listener, LogNews, news_of

_INDEX = re.compile(r"[0-9]{1,15}")
_BATCH = 500
_ACCESS = operator_or_application(Permission.SESSIONS_READ)
_NOTHING = -1
STAFF_LISTENS = timedelta(minutes=1)
"""How long a stream may go on of somebody whom an app signs in."""


async def stream(call: Call[None, NoQuery]) -> Response:
    """News from now on, or from after ``Last-Event-ID``."""
    after = _last_event_id(call.headers.get("last-event-id"))
    principal = call.principal
    own = principal.application.id if isinstance(principal, ApplicationPrincipal) else None
    return StreamingResponse(
        _events(call, own, after),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(
    call: Call[None, NoQuery], application_id: str | None, after: int | None
) -> AsyncIterator[bytes]:
    listener = call.node.stream.listen(application_id)
    ask_anew = _asked_anew_at(call)
    try:
        # So that whoever connects knows at once that somebody is there.
        yield b": understudy\n\n"
        sent = _NOTHING
        if after is not None:
            # An index beyond the end is of another log, or of one that was set back.
            sent = after = min(after, await call.read(lambda reader: reader.entries.size()) - 1)
            # What was missed comes from the log, while the listener gathers what happens meanwhile.
            async for news in _missed(call, listener, after):
                sent = news.index
                yield news.content
        async for latest in listener.news():
            waiting = b""
            for one in latest:
                if isinstance(one, Heartbeat):
                    # What happened before it goes out first: among it may be the very end of
                    # sessions that came with the caller's own.
                    if waiting:
                        yield waiting
                        waiting = b""
                    old = ask_anew is not None and call.node.clock() >= ask_anew
                    if old or not await _still_welcome(call):
                        return
                if isinstance(one, EndingNews):
                    waiting += one.content
                elif _is_unsent(one, sent):
                    sent = one.index
                    waiting += one.content
            if waiting:
                yield waiting
    finally:
        call.node.stream.leave(listener)


def _asked_anew_at(call: Call[None, NoQuery]) -> datetime | None:
    """When whoever listens has to come again; where an app says who is staff, it says so of a
    request, and of an old one no more.
    """
    soon = call.node.staffing is not None and isinstance(call.principal, OperatorPrincipal)
    return call.node.clock() + STAFF_LISTENS if soon else None


def _is_unsent(news: LogNews | Heartbeat, sent: int) -> bool:
    """Whether it tells more than all up to ``sent``; a heartbeat tells that this is still so."""
    return news.index > sent or (news.index == sent and isinstance(news, Heartbeat))


async def _still_welcome(call: Call[None, NoQuery]) -> bool:
    """Whether the caller could open the stream anew; asked each second (ASVS 7.4.1, 7.4.2)."""
    try:
        given = credentials(call.headers)
        if given is None:
            return False
        principal = await authenticated(call.node, given)
        require_access(_ACCESS, principal)
        if isinstance(principal, OperatorPrincipal):
            await require_present(call.node, call.incoming, principal)
    except UnderstudyError:
        return False
    return True


async def _missed(
    call: Call[None, NoQuery], listener: Listener, after: int
) -> AsyncIterator[LogNews]:
    more = True
    while more:

        def look_up(reader: Reader, index: int = after) -> list[LogNews]:
            entries = reader.entries.after(index, types=TYPES, limit=_BATCH)
            return [news_of(entry) for entry in entries]

        found = await call.read_long(look_up)
        for news in filter(listener.hears, found):
            yield news
        more = len(found) == _BATCH
        after = found[-1].index if found else after


def _last_event_id(header: str | None) -> int | None:
    if header is None or header == "":
        return None
    if _INDEX.fullmatch(header) is None:
        raise InvalidInput("Last-Event-ID is the index of an entry.")
    return int(header)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/events/stream",
        operation="stream_events",
        summary="Sessions that start and end, as server-sent events",
        description=(
            '`event: session` carries `{"session_id", "type", "cause"}`; its id is the log index, '
            "and `Last-Event-ID` resumes after it. An ending that is not in the log yet has no id, "
            "and is sent again to whoever connects. Each second, after the log was read without "
            'error, `event: heartbeat` carries `{"index"}`: everything up to this entry has been '
            "sent. An application hears of its own sessions only. Whoever reads too slowly is cut "
            "off, and resumes."
        ),
        tag="events",
        access=_ACCESS,
        handler=stream,
        head=False,
        headers=("Last-Event-ID",),
        answers=(Answered(media=("text/event-stream",), description="A stream without end."),),
        problems=(InvalidInput,),
        rate=RateClass.SESSION,
    ),
)
